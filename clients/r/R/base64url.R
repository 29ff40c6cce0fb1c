# base64url without padding, in its one canonical form.

ALPHABET <- charToRaw("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

# The value of each byte as a character; NA for those that are none.
CODES <- local({
  codes <- rep(NA_integer_, 256)
  codes[as.integer(ALPHABET) + 1L] <- 0:63
  codes
})

encode <- function(data) {
  if (length(data) == 0) {
    return("")
  }
  bytes <- as.integer(data)
  missing <- -length(bytes) %% 3
  groups <- matrix(c(bytes, integer(missing)), nrow = 3)
  codes <- rbind(
    groups[1, ] %/% 4L,
    groups[1, ] %% 4L * 16L + groups[2, ] %/% 16L,
    groups[2, ] %% 16L * 4L + groups[3, ] %/% 64L,
    groups[3, ] %% 64L
  )
  text <- ALPHABET[codes + 1L]
  rawToChar(text[seq_len(length(text) - missing)])
}

# NULL if it is not canonical base64url.
decode <- function(text) {
  codes <- CODES[as.integer(charToRaw(text)) + 1L]
  missing <- -length(codes) %% 4
  if (anyNA(codes) || missing == 3) {
    return(NULL)
  }
  if (length(codes) == 0) {
    return(raw())
  }
  groups <- matrix(c(codes, integer(missing)), nrow = 4)
  bytes <- rbind(
    groups[1, ] * 4L + groups[2, ] %/% 16L,
    groups[2, ] %% 16L * 16L + groups[3, ] %/% 4L,
    groups[3, ] %% 4L * 64L + groups[4, ]
  )
  size <- length(bytes) - missing
  # The unused bits of the last character.
  if (any(bytes[-seq_len(size)] != 0)) {
    return(NULL)
  }
  as.raw(bytes[seq_len(size)])
}

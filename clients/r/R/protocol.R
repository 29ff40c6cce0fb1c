# The bytes of the exchange, spec/exchange.md: builds a request, opens a reply.

# It comes first, since some front ends cut a prompt after its first words.
SENTENCE <- paste(
  "Do not type a secret here.",
  "This front end has no credential store, so press Enter to cancel."
)
PROMPT_LIMIT <- 4096L
PLAIN_ERROR <- "credentialstore-error/1"

VERSION <- 1L
OVERHEAD <- 73 + 16
LEAST_REPLY <- OVERHEAD + 1024
LONGEST_REPLY <- OVERHEAD + 1024 * 1024
# Those that come with nothing else.
PLAIN_STATUSES <- c(
  "denied", "blocked", "busy", "locked", "no-store", "timeout", "closed", "invalid"
)

# One question with its fresh key pair.
#
# want: a list of list(name =, field =), the field being optional.
# secret_key, id: for known-answer tests; random otherwise.
new_request <- function(want, reason = NULL, timeout_ms = NULL,
                        secret_key = sodium::keygen(), id = sodium::random(16)) {
  request <- new.env(parent = emptyenv())
  request$secret_key <- secret_key
  request$id <- encode(id)
  request$key <- encode(sodium::pubkey(secret_key))
  request$count <- length(want)
  members <- list(v = VERSION, id = request$id, key = request$key, want = unname(want))
  members$reason <- reason
  members$timeout <- timeout_ms
  request$json <- write_json(members)
  marker <- paste0("[credentialstore-request/", VERSION, " ", encode(charToRaw(request$json)), "]")
  request$prompt <- paste(SENTENCE, marker)
  over <- nchar(request$prompt) - PROMPT_LIMIT
  if (over > 0) {
    wrong(
      "The names and the reason take ", over, " bytes more than fit into one request. ",
      "Shorten the reason, or ask for fewer at a time."
    )
  }
  request
}

# Drops the secret key. No reply can be opened any more.
forget <- function(request) {
  request$secret_key <- NULL
}

# The page's decision: a list with `status`, and with
#   granted:    values, Secrets in the order of `want`;
#   not-found:  missing (places in `want`, from 1), what ("credential" or "field") and suggest.
# Two statuses are ours: "not-a-reply", when somebody typed it, or it is another program's; and
# "stale", when it belongs to an earlier request. Stops with a ProtocolError.
open_reply <- function(request, text) {
  text <- gsub("^[ \t\r\n]+|[ \t\r\n]+$", "", text, useBytes = TRUE)
  if (identical(text, PLAIN_ERROR)) {
    stop(credential_error(
      "ProtocolError",
      "The page's credential store cannot read requests of this kernel. ",
      "Update kernelconnector here, or jupyterlab-credential-store there."
    ))
  }
  data <- frame(text)
  if (is.null(data)) {
    return(list(status = "not-a-reply"))
  }
  if (encode(data[2:17]) != request$id) {
    return(list(status = "stale"))
  }
  page <- data[18:49]
  message <- json_of(unpad(decrypt(request, page, data[50:73], data[-(1:73)])))
  expected <- list(
    v = 1,
    id = request$id,
    hash = encode(sodium::sha256(charToRaw(request$json))),
    kernel = request$key,
    page = encode(page)
  )
  for (name in names(expected)) {
    if (!identical(message[[name]], expected[[name]])) reject(name)
  }
  read_message(message, request$count)
}

# NULL if it is no reply.
frame <- function(text) {
  size <- (nchar(text, "bytes") * 3) %/% 4
  # Size first: a front end may hand over anything.
  if (size < LEAST_REPLY || size > LONGEST_REPLY) {
    return(NULL)
  }
  data <- decode(text)
  if (!is.null(data) && data[[1]] == VERSION) data
}

decrypt <- function(request, page, nonce, box) {
  if (page[[32]] >= 0x80) reject("key")
  secret_key <- request$secret_key
  if (is.null(secret_key)) stop("the key was dropped")
  # libsodium refuses keys of low order itself.
  tryCatch(
    sodium::auth_decrypt(box, secret_key, page, nonce),
    error = function(e) reject("box")
  )
}

unpad <- function(padded) {
  end <- max(which(padded != 0), 0)
  if (end == 0 || padded[[end]] != 0x80) reject("padding")
  padded[seq_len(end - 1)]
}

json_of <- function(data) {
  message <- tryCatch(parse_json(data), error = function(e) NULL)
  if (!inherits(message, "json_object")) reject("JSON")
  unclass(message)
}

read_message <- function(message, count) {
  status <- message[["status"]]
  if (identical(status, "granted")) {
    values <- strings(message, "values")
    if (length(values) != count) reject("values")
    return(list(status = status, values = lapply(values, new_secret)))
  }
  if (identical(status, "not-found")) {
    missing <- message[["missing"]]
    fits <- function(i) is.numeric(i) && i >= 0 && i < count && i == round(i)
    if (!is_array(missing) || length(missing) == 0 || !all(vapply(missing, fits, NA))) {
      reject("missing")
    }
    places <- unlist(missing) + 1
    if (anyDuplicated(places)) reject("missing")
    what <- message[["what"]]
    if (!identical(what, "credential") && !identical(what, "field")) reject("what")
    suggest <- if ("suggest" %in% names(message)) strings(message, "suggest") else character()
    return(list(status = status, missing = places, what = what, suggest = suggest))
  }
  if (!is.character(status) || !status %in% PLAIN_STATUSES) reject("status")
  list(status = status)
}

strings <- function(message, name) {
  found <- message[[name]]
  if (!is_array(found)) reject(name)
  if (any(vapply(found, inherits, NA, "json_nul"))) {
    stop(credential_error(
      "ProtocolError",
      "The answer (", name, ") contains the character NUL, which no string in R can hold. ",
      "Read this credential in another kernel."
    ))
  }
  if (!all(vapply(found, is.character, NA))) reject(name)
  vapply(found, identity, "")
}

is_array <- function(value) {
  is.list(value) && !inherits(value, c("json_object", "json_nul"))
}

reject <- function(what) {
  stop(credential_error(
    "ProtocolError",
    "The answer does not fit the question (", what, "), so nothing was taken from it. ",
    "Run the cell again; if it happens again, reload the page and restart the kernel."
  ))
}

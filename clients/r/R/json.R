# JSON as the exchange needs it. jsonlite takes repeated members, comments and half surrogates.
#
# An object becomes a named list of the class json_object, an array an unnamed list, null NA. R's
# strings cannot hold the character NUL: a string with one becomes a json_nul.

STRING <- "\"[^\"\\\\\\x00-\\x1f]*+(?:\\\\(?:[\"\\\\/bfnrt]|u[0-9A-Fa-f]{4})[^\"\\\\\\x00-\\x1f]*+)*+\""
NUMBER <- "-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
TOKEN <- paste0("[ \\t\\r\\n]*+(", STRING, "|", NUMBER, "|true|false|null|[]{}\\[,:])")
# Nothing that is meant for us comes near it.
DEPTH_LIMIT <- 100

# Stops with an error of whatever words if the bytes are no JSON.
parse_json <- function(data) {
  tokens <- json_tokens(data)
  at <- 0
  take <- function() {
    at <<- at + 1
    if (at > length(tokens)) stop("it breaks off")
    tokens[[at]]
  }
  expect <- function(token) {
    if (take() != token) stop("something else was expected")
  }

  value <- function(depth) {
    if (depth > DEPTH_LIMIT) stop("it is nested too deeply")
    token <- take()
    switch(
      substr(token, 1, 1),
      "{" = object(depth + 1),
      "[" = array(depth + 1),
      "\"" = json_string(token),
      "t" = TRUE,
      "f" = FALSE,
      "n" = NA,
      "}" = , "]" = , "," = , ":" = stop("a value was expected"),
      as.numeric(token)
    )
  }
  object <- function(depth) {
    members <- list()
    member <- function(n) {
      name <- json_string(take())
      # A name with NUL is nobody's; as it was written it differs from the others.
      if (inherits(name, "json_nul")) name <- tokens[[at]]
      if (name %in% names(members)) stop("a member is repeated")
      expect(":")
      members[[n]] <<- value(depth)
      names(members)[[n]] <<- name
    }
    items(member, "}")
    structure(members, class = "json_object")
  }
  array <- function(depth) {
    elements <- list()
    items(function(n) elements[[n]] <<- value(depth), "]")
    elements
  }
  items <- function(item, end) {
    if (identical(tokens[at + 1], end)) {
      take()
      return()
    }
    n <- 0
    repeat {
      item(n <- n + 1)
      token <- take()
      if (token == end) return()
      if (token != ",") stop("a comma was expected")
    }
  }

  result <- value(0)
  if (at != length(tokens)) stop("there is more")
  result
}

json_tokens <- function(data) {
  if (any(data == 0)) stop("a NUL in JSON")
  text <- rawToChar(data)
  if (!validUTF8(text)) stop("no UTF-8")
  found <- gregexpr(TOKEN, text, perl = TRUE, useBytes = TRUE)[[1]]
  starts <- as.integer(found)
  ends <- starts + attr(found, "match.length")
  # Each begins where the one before has ended, the first at the beginning.
  if (!identical(starts, c(1L, ends[-length(ends)]))) stop("something else between the tokens")
  rest <- data[-seq_len(ends[[length(ends)]] - 1)]
  if (!all(rest %in% charToRaw(" \t\r\n"))) stop("something else at the end")
  from <- attr(found, "capture.start")[, 1]
  Encoding(text) <- "bytes"
  tokens <- substring(text, from, from + attr(found, "capture.length")[, 1] - 1)
  Encoding(tokens) <- "UTF-8"
  tokens
}

ESCAPE <- "\\\\u[Dd][89ABab]..\\\\u[Dd][C-Fc-f]..|\\\\u....|\\\\."
LETTERS_ESCAPED <- c(b = "\b", f = "\f", n = "\n", r = "\r", t = "\t")

json_string <- function(token) {
  if (substr(token, 1, 1) != "\"") stop("a string was expected")
  text <- substr(token, 2, nchar(token) - 1)
  found <- gregexpr(ESCAPE, text, perl = TRUE)
  escapes <- regmatches(text, found)[[1]]
  if (length(escapes) == 0) {
    return(text)
  }
  if ("\\u0000" %in% escapes) {
    return(structure(list(), class = "json_nul"))
  }
  different <- unique(escapes)
  characters <- vapply(different, unescape, "")
  regmatches(text, found) <- list(characters[match(escapes, different)])
  text
}

unescape <- function(escape) {
  letter <- substr(escape, 2, 2)
  if (letter != "u") {
    return(if (letter %in% names(LETTERS_ESCAPED)) LETTERS_ESCAPED[[letter]] else letter)
  }
  unit <- function(from) strtoi(substr(escape, from, from + 3), 16L)
  code <- unit(3)
  if (nchar(escape) == 12) {
    code <- 0x10000 + (code - 0xd800) * 0x400 + unit(9) - 0xdc00
  } else if (code >= 0xd800 && code <= 0xdfff) {
    stop("half a surrogate pair")
  }
  intToUtf8(code)
}

# As ECMAScript's JSON.stringify writes it: a named list is an object, an unnamed one an array.
write_json <- function(value) {
  if (is.list(value)) {
    items <- vapply(value, write_json, "")
    names <- names(value)
    if (is.null(names)) {
      return(paste0("[", paste(items, collapse = ","), "]"))
    }
    members <- paste0(vapply(names, write_json, ""), ":", items)
    return(paste0("{", paste(members, collapse = ","), "}"))
  }
  if (is.character(value)) {
    return(paste0("\"", escape_json(enc2utf8(value)), "\""))
  }
  format(value, scientific = FALSE)
}

escape_json <- function(text) {
  text <- gsub("([\"\\\\])", "\\\\\\1", text)
  codes <- unique(utf8ToInt(text))
  for (code in codes[codes < 32]) {
    character <- intToUtf8(code)
    letter <- names(LETTERS_ESCAPED)[LETTERS_ESCAPED == character]
    escape <- if (length(letter)) paste0("\\", letter) else sprintf("\\u%04x", code)
    text <- gsub(character, escape, text, fixed = TRUE)
  }
  text
}

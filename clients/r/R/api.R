# The two calls that people write in a cell. man/get_credential.Rd says what they take and give.

NAME_LIMIT <- 256
REASON_LIMIT <- 500
WANT_LIMIT <- 16
TIMEOUT_LIMIT <- 86400
# How often a leftover reply to an earlier request is passed over.
RETRIES <- 2

get_credential <- function(name, field = NULL, reason = NULL, timeout = NULL) {
  want <- list(name = checked(name, "name"))
  want$field <- if (!is.null(field)) checked(field, "field")
  exchange(list(want), reason, timeout)[[1]]
}

get_credentials <- function(..., reason = NULL) {
  names <- do.call(c, lapply(list(...), as.list))
  if (length(names) < 1 || length(names) > WANT_LIMIT) {
    wrong("Ask for 1 to ", WANT_LIMIT, " credentials at a time, not ", length(names), ".")
  }
  want <- lapply(unname(names), function(name) list(name = checked(name, "name")))
  values <- exchange(want, reason, NULL)
  asked <- vapply(want, function(one) one$name, "")
  given <- names(names)
  names(values) <- if (is.null(given)) asked else ifelse(given == "", asked, given)
  values
}

exchange <- function(want, reason, timeout) {
  request <- new_request(
    want,
    if (!is.null(reason)) checked(reason, "reason", 0, REASON_LIMIT),
    if (!is.null(timeout)) milliseconds(timeout)
  )
  # Raised out here, so that no frame of the error holds what was typed or decrypted.
  outcome <- tryCatch(
    alone(function() attempt(request, listed(want)), listed(want)),
    CredentialError = identity,
    finally = forget(request)
  )
  if (inherits(outcome, "CredentialError")) {
    stop(outcome)
  }
  if (outcome$status != "granted") {
    stop(refusal(outcome, want))
  }
  outcome$values
}

attempt <- function(request, names) {
  for (i in seq_len(1 + RETRIES)) {
    reply <- open_reply(request, ask(request$prompt, names))
    if (reply$status == "not-a-reply") {
      # Empty, or typed into a box by a person: what it was is not looked at.
      stop(no_store(names))
    }
    if (reply$status != "stale") {
      return(reply)
    }
  }
  stop(credential_error(
    "ProtocolError",
    "The front end keeps answering an earlier request in place of the one for ", names, ". ",
    "Restart the kernel."
  ))
}

# The text in UTF-8, as the page takes it. R has no Unicode normalisation; the page applies it.
checked <- function(value, what, least = 1, most = NAME_LIMIT) {
  if (!is.character(value) || length(value) != 1 || is.na(value)) {
    wrong("The ", what, " must be one string, not ", kind(value), ".")
  }
  text <- enc2utf8(as.character(value))
  codes <- utf8ToInt(text)
  if (anyNA(codes)) {
    wrong("The ", what, " is no valid UTF-8.")
  }
  # The page counts as JavaScript does.
  length <- length(codes) + sum(codes > 0xffff)
  if (length < least) {
    wrong("The ", what, " is empty.")
  }
  if (length > most) {
    wrong("The ", what, " has ", length, " characters; ", most, " are allowed.")
  }
  text
}

milliseconds <- function(timeout) {
  if (!is.numeric(timeout) || length(timeout) != 1) {
    wrong("The timeout must be a number of seconds, not ", kind(timeout), ".")
  }
  if (is.na(timeout) || timeout < 0.001 || timeout > TIMEOUT_LIMIT) {
    wrong("The timeout must be between 0.001 and ", TIMEOUT_LIMIT, " seconds.")
  }
  round(timeout * 1000)
}

# What a person would call the value's type; never the value.
kind <- function(value) {
  if (is.character(value)) {
    return(if (length(value) == 1) "NA" else paste(length(value), "of them"))
  }
  class(value)[[1]]
}

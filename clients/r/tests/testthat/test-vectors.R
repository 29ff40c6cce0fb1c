# The kernel's side gives the answers of spec/vectors/exchange.json.

file <- "../../../../spec/vectors/exchange.json"
skip_if_not(file.exists(file), "spec/ of the repository")

# By the package's own reader, since no other keeps the character NUL apart; jsonlite reads the
# rest alike, see the last test.
vectors <- parse_json(readBin(file, "raw", file.size(file)))

bytes <- function(hex) {
  as.raw(strtoi(substring(hex, seq(1, nchar(hex), 2), seq(2, nchar(hex), 2)), 16L))
}

# What the vectors call it, and what was read.
outcome <- function(vector) {
  asked <- jsonlite::fromJSON(vector$request, simplifyVector = FALSE)
  request <- new_request(
    asked$want,
    secret_key = bytes(vector$kernelSecretHex), id = decode(asked$id)
  )
  expect_identical(request$json, vector$request)
  tryCatch(
    {
      reply <- open_reply(request, vector$reply)
      name <- switch(
        reply$status,
        "granted" = "granted",
        "not-a-reply" = "NoFrontend",
        "stale" = "ask-again",
        class(refusal(reply, asked$want))[[1]]
      )
      list(name = name, reply = reply)
    },
    CredentialError = function(e) list(name = class(e)[[1]], message = conditionMessage(e))
  )
}

values <- function(reply) {
  lapply(reply$values, as.character)
}

for (vector in vectors$base64url) {
  test_that(paste("base64url:", vector$description), {
    data <- decode(vector$text)
    if (is.na(vector$bytesHex)) {
      expect_null(data)
    } else {
      expect_identical(paste(data, collapse = ""), vector$bytesHex)
      expect_identical(encode(data), vector$text)
    }
  })
}

for (vector in vectors$open) {
  test_that(paste("open:", vector$description), {
    result <- outcome(vector)
    expect_identical(result$name, vector$outcome)
    if (vector$outcome == "granted") {
      expect_identical(values(result$reply), vector$body$values)
    }
  })
}

for (vector in Filter(function(one) !is.null(one$reply), vectors$seal)) {
  test_that(paste("what a page seals:", vector$description), {
    result <- outcome(vector)
    body <- vector$body
    if (any(vapply(body$values, inherits, NA, "json_nul"))) {
      # The one thing that R cannot do.
      expect_identical(result$name, "ProtocolError")
      expect_match(result$message, "NUL, which no string in R can hold")
      return()
    }
    expect_identical(result$name, vector$outcome)
    expect_identical(result$reply$status, body$status)
    expect_identical(values(result$reply), if (is.null(body$values)) list() else body$values)
    expect_equal(as.list(result$reply$missing), lapply(body$missing, `+`, 1))
    expect_identical(result$reply$what, body$what)
    expect_identical(as.list(result$reply$suggest), as.list(body$suggest))
  })
}

for (vector in Filter(function(one) one$outcome == "request", vectors$prompts)) {
  test_that(paste("the request of a prompt is built alike:", vector$description), {
    asked <- vector$request
    request <- new_request(lapply(asked$want, unclass), asked$reason, asked$timeout)
    built <- parse_json(charToRaw(request$json))
    for (member in c("want", "reason", "timeout")) {
      expect_identical(built[[member]], asked[[member]])
    }
    expect_identical(built$v, 1)
    expect_length(decode(built$id), 16)
    expect_length(decode(built$key), 32)
  })
}

test_that("every error has a vector", {
  seen <- unlist(lapply(c(vectors$seal, vectors$open), function(one) one$outcome))
  errors <- c(
    "CredentialNotFound", "CredentialDenied", "StoreLocked", "NoFrontend", "CredentialTimeout",
    "ProtocolError"
  )
  expect_true(all(errors %in% seen))
})

test_that("jsonlite reads the same", {
  plain <- function(value) if (is.list(value)) lapply(unclass(value), plain) else value
  theirs <- jsonlite::fromJSON(file, simplifyVector = FALSE)
  for (section in c("base64url", "open", "prompts")) {
    ours <- jsonlite::toJSON(plain(vectors[[section]]), auto_unbox = TRUE, na = "null")
    # Not expect_equal: its comparison takes a minute.
    expect_true(identical(
      jsonlite::fromJSON(ours, simplifyVector = FALSE), theirs[[section]]
    ))
  }
})

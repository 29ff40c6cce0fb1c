# Plays IRkernel and the page for the tests: reads a prompt, seals a reply.

page_request <- function(prompt) {
  text <- sub(".* \\[credentialstore-request/1 (.*)\\]$", "\\1", prompt)
  decode(text)
}

asked <- function(prompt) {
  text <- rawToChar(page_request(prompt))
  Encoding(text) <- "UTF-8"
  jsonlite::fromJSON(text, simplifyVector = FALSE)
}

# The reply with the members of `...`.
seal <- function(prompt, ...) {
  request <- asked(prompt)
  secret <- sodium::keygen()
  page <- sodium::pubkey(secret)
  message <- list(
    v = 1L, id = request$id, hash = encode(sodium::sha256(page_request(prompt))),
    kernel = request$key, page = encode(page), ...
  )
  text <- charToRaw(enc2utf8(as.character(jsonlite::toJSON(message, auto_unbox = TRUE))))
  padded <- c(text, as.raw(0x80), raw(4095 - length(text)))
  nonce <- sodium::random(24)
  box <- sodium::auth_encrypt(padded, secret, decode(request$key), nonce)
  attributes(box) <- NULL
  encode(c(as.raw(1), decode(request$id), page, nonce, box))
}

grant <- function(prompt, ...) {
  seal(prompt, status = "granted", values = list(...))
}

# Evaluates `code` in a kernel whose front end answers with the function; gives all prompts.
with_front_end <- function(answer, code, allow_stdin = TRUE) {
  prompts <- character()
  executor <- new.env()
  class(executor) <- "Executor"
  executor$current_request <- list(content = list(allow_stdin = allow_stdin))
  executor$get_pass <- function(prompt) {
    prompts <<- c(prompts, prompt)
    answer(prompt)
  }
  real <- irkernel
  replace <- function(by) utils::assignInNamespace("irkernel", by, "kernelconnector")
  replace(function() executor)
  on.exit(replace(real))
  force(code)
  prompts
}

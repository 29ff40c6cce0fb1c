# get_credential and get_credentials, with a page that answers through a played IRkernel.

plain <- function(values) lapply(values, as.character)

test_that("it returns the value", {
  prompts <- with_front_end(function(prompt) grant(prompt, "hunter2"), {
    value <- get_credential("my_secret")
  })
  expect_s3_class(value, "Secret")
  expect_identical(as.character(value), "hunter2")
  members <- asked(prompts)
  expect_identical(members$want, list(list(name = "my_secret")))
  expect_setequal(names(members), c("v", "id", "key", "want"))
})

test_that("it sends field, reason and timeout", {
  prompts <- with_front_end(function(prompt) grant(prompt, "x"), {
    get_credential("db", "host", reason = "why", timeout = 1.5)
  })
  members <- asked(prompts)
  expect_identical(members$want, list(list(name = "db", field = "host")))
  expect_identical(members$reason, "why")
  expect_identical(members$timeout, 1500L)
})

test_that("it asks for several at once and keeps their order", {
  prompts <- with_front_end(function(prompt) grant(prompt, "1", "2"), {
    values <- get_credentials("a", "b", reason = "why")
    named <- get_credentials(user = "a", "b")
    vector <- get_credentials(c("a", "b"))
  })
  expect_identical(plain(values), list(a = "1", b = "2"))
  expect_identical(plain(named), list(user = "1", b = "2"))
  expect_identical(plain(vector), list(a = "1", b = "2"))
  for (prompt in prompts) {
    expect_identical(asked(prompt)$want, list(list(name = "a"), list(name = "b")))
  }
  expect_identical(asked(prompts[[1]])$reason, "why")
})

test_that("it carries any text past every kernel", {
  name <- "\u6570\u636e \U0001f511 \"\\ \a\n:"
  prompts <- with_front_end(function(prompt) grant(prompt, name), {
    value <- get_credential(name, reason = name)
  })
  expect_identical(as.character(value), name)
  expect_identical(asked(prompts)$reason, name)
  expect_match(prompts, "^[ -9;-~]*$")
})

test_that("it refuses wrong arguments before anything is sent", {
  refused <- function(code, words) {
    prompts <- with_front_end(function(prompt) grant(prompt, "x"), {
      expect_error({{ code }}, words)
    })
    expect_length(prompts, 0)
  }
  refused(get_credential(1), "name must be one string, not numeric")
  refused(get_credential(NULL), "name must be one string, not NULL")
  refused(get_credential(NA_character_), "name must be one string, not NA")
  refused(get_credential(c("a", "b")), "name must be one string, not 2 of them")
  refused(get_credential("a", 1), "field must be one string")
  refused(get_credential("a", reason = 1), "reason must be one string")
  refused(get_credential("a", timeout = "1"), "number of seconds")
  refused(get_credentials("a", 1), "name must be one string, not numeric")
  refused(get_credential(""), "name is empty")
  refused(get_credential("a", ""), "field is empty")
  refused(get_credential(strrep("n", 257)), "257 characters; 256")
  refused(get_credential(strrep("\U0001f511", 129)), "258 characters; 256")
  refused(get_credential("a", reason = strrep("r", 501)), "501 characters; 500")
  broken <- rawToChar(as.raw(0xff))
  Encoding(broken) <- "UTF-8"
  refused(get_credential(broken), "no valid UTF-8")
  refused(get_credential("a", timeout = 0), "between 0.001 and 86400")
  refused(get_credential("a", timeout = 86401), "between")
  refused(get_credential("a", timeout = NaN), "between")
  refused(get_credentials(), "1 to 16")
  refused(get_credentials(letters[1:17]), "1 to 16")
  refused(get_credentials(rep(strrep("n", 256), 16)), "Shorten")
})

# The error that the page's reply leads to.
refused <- function(..., call = get_credential("db")) {
  error <- NULL
  with_front_end(function(prompt) seal(prompt, ...), {
    error <- tryCatch(call, CredentialError = identity)
  })
  expect_null(conditionCall(error))
  error
}

expect_says <- function(error, class, ...) {
  expect_identical(class(error), c(class, "CredentialError", "error", "condition"))
  expect_identical(conditionMessage(error), paste0(...))
  expect_identical(toString(error), paste0(class, ": ", ..., "\n"))
}

test_that("it says what happened and what to do", {
  expect_says(
    refused(status = "denied"), "CredentialDenied",
    "You denied this notebook \"db\". Run the cell again to be asked again."
  )
  expect_says(
    refused(status = "blocked"), "CredentialDenied",
    "\"db\" was denied without asking, as you chose for this kernel. ",
    "Restart the kernel to be asked again."
  )
  expect_says(
    refused(status = "busy"), "CredentialDenied",
    "\"db\" was denied, since too many requests are waiting. ",
    "Answer those in the page, then run the cell again."
  )
  expect_says(
    refused(status = "closed"), "CredentialDenied",
    "The page was closed before you decided on \"db\". Run the cell again."
  )
  expect_says(
    refused(status = "locked"), "StoreLocked",
    "The credential store is locked, so \"db\" cannot be read. ",
    "Run the cell again and enter the passphrase."
  )
  expect_says(
    refused(status = "no-store"), "StoreLocked",
    "There is no credential store to read \"db\" from. ",
    "Open the key icon in the sidebar to see why, or to create one."
  )
  expect_says(
    refused(status = "timeout"), "CredentialTimeout",
    "Nobody decided on \"db\" in time. Run the cell again, or allow a longer timeout."
  )
  expect_says(
    refused(status = "invalid"), "ProtocolError",
    "The page's credential store cannot read this request for \"db\". ",
    "Update kernelconnector here, or jupyterlab-credential-store there."
  )
})

missing <- function(what, ..., places = list(0L), call = get_credential("db")) {
  refused(status = "not-found", missing = places, what = what, ..., call = call)
}

test_that("it says what is missing", {
  expect_says(
    missing("credential"), "CredentialNotFound",
    "There is no credential \"db\". Add it with the key icon in the sidebar."
  )
  expect_says(
    missing("credential", suggest = list("db2", "a\u001b[0m")), "CredentialNotFound",
    "There is no credential \"db\". Did you mean \"db2\" or \"a\\u001b[0m\"? ",
    "Add it with the key icon in the sidebar."
  )
  expect_says(
    missing("field", suggest = list("user", "value")), "CredentialNotFound",
    "The credential \"db\" has several fields: \"user\", \"value\". ",
    "Name the one you want: get_credential(\"db\", \"user\")."
  )
  expect_says(
    missing("field"), "CredentialNotFound",
    "The credential \"db\" has several fields. ",
    "Name the one you want: get_credential(\"db\", \"its name\")."
  )
  expect_says(
    missing("field", suggest = list("user"), call = get_credential("db", "x")),
    "CredentialNotFound",
    "The credential \"db\" has no field \"x\". Its fields are \"user\"."
  )
  expect_says(
    missing("credential", places = list(2L, 0L), call = get_credentials("a", "b", "c")),
    "CredentialNotFound",
    "There is no credential \"c\", \"a\". Add them with the key icon in the sidebar."
  )
})

test_that("it shows what a terminal would obey, and names with a brace or a percent sign", {
  expect_match(
    conditionMessage(refused(
      status = "denied", call = get_credential("a\u001b[2J\u202eb \U000e0041\n{names}%s")
    )),
    "\"a\\u001b[2J\\u202eb \\U000e0041\\u000a{names}%s\"",
    fixed = TRUE
  )
})

test_that("what a person types is never a value", {
  typed <- list("", "  ", "hunter2", strrep("Zm9v", 400), "\u043f\u0430", NULL, 1, NA_character_)
  for (text in typed) {
    prompts <- with_front_end(function(prompt) text, {
      error <- tryCatch(get_credential("db"), NoFrontend = identity)
    })
    expect_match(conditionMessage(error), "^Nothing here can hand out \"db\"")
    expect_length(prompts, 1)
  }
})

test_that("without a front end that answers it does not ask", {
  prompts <- with_front_end(
    function(prompt) grant(prompt, "x"),
    expect_error(get_credential("db"), class = "NoFrontend"),
    allow_stdin = FALSE
  )
  expect_length(prompts, 0)
  expect_error(get_credential("db"), class = "NoFrontend")
})

test_that("a child process does not ask", {
  skip_on_os("windows")
  prompts <- with_front_end(function(prompt) grant(prompt, "x"), {
    message <- parallel::mccollect(parallel::mcparallel(
      tryCatch(get_credential("db"), NoFrontend = conditionMessage)
    ))[[1]]
  })
  expect_match(message, "in the kernel's own process")
})

test_that("what a kernel raises passes untouched, and the next call goes on", {
  with_front_end(function(prompt) stop("socket"), expect_error(get_credential("db"), "socket"))
  with_front_end(function(prompt) grant(prompt, "x"), value <- get_credential("db"))
  expect_identical(as.character(value), "x")
})

test_that("it passes over two leftover replies", {
  leftover <- NULL
  with_front_end(function(prompt) leftover <<- grant(prompt, "old"), get_credential("other"))
  left <- 2
  prompts <- with_front_end(
    function(prompt) {
      left <<- left - 1
      if (left >= 0) leftover else grant(prompt, "new")
    },
    value <- get_credential("db")
  )
  expect_identical(as.character(value), "new")
  expect_length(prompts, 3)
  expect_length(unique(prompts), 1)

  prompts <- with_front_end(function(prompt) leftover, {
    error <- tryCatch(get_credential("db"), ProtocolError = identity)
  })
  expect_match(conditionMessage(error), "earlier request")
  expect_length(prompts, 3)
})

test_that("each request has a key of its own, and one runs at a time", {
  inner <- NULL
  prompts <- with_front_end(
    function(prompt) {
      inner <<- tryCatch(get_credential("inner"), CredentialDenied = conditionMessage)
      grant(prompt, "x")
    },
    {
      get_credential("db")
      get_credential("db")
    }
  )
  expect_match(inner, "another request of this kernel waits")
  expect_length(prompts, 2)
  expect_false(asked(prompts[[1]])$key == asked(prompts[[2]])$key)
})

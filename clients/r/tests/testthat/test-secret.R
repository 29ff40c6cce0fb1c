# A Secret does not show itself, and is its value for what takes a character vector.

secret <- new_secret("hunter2")
frame <- data.frame(user = "me", password = secret)

test_that("it is masked wherever R shows a value", {
  shown <- list(
    capture.output(print(secret)),
    capture.output(secret),
    capture.output(print(list(secret, list(a = secret)))),
    capture.output(str(secret)),
    capture.output(str(list(a = secret))),
    capture.output(print(frame)),
    capture.output(str(frame)),
    format(secret),
    capture.output(print(c(secret, secret))),
    capture.output(print(rep(secret, 2))),
    capture.output(print(secret[1])),
    capture.output(print(secret[[1]]))
  )
  for (lines in shown) {
    expect_match(paste(lines, collapse = "\n"), MASK, fixed = TRUE)
    expect_false(any(grepl("hunter2", lines)))
  }
})

test_that("it is masked in every format of a cell's result", {
  skip_if_not_installed("IRdisplay")
  for (value in list(secret, list(secret), list(a = secret), frame)) {
    bundle <- IRdisplay::prepare_mimebundle(value, names(repr::mime2repr))$data
    expect_match(bundle[["text/plain"]], "Secret")
    expect_false(any(grepl("hunter2", unlist(bundle))))
  }
})

test_that("it is its value for what takes a character vector", {
  expect_true(is.character(secret))
  expect_identical(as.character(secret), "hunter2")
  expect_identical(paste0("Bearer ", secret), "Bearer hunter2")
  expect_identical(sprintf("%s", secret), "hunter2")
  expect_identical(nchar(secret), 7L)
  expect_identical(charToRaw(secret), charToRaw("hunter2"))
  expect_true(secret == "hunter2")
  expect_identical(capture.output(cat(secret)), "hunter2")
  Sys.setenv(KERNELCONNECTOR_TEST = secret)
  expect_identical(Sys.getenv("KERNELCONNECTOR_TEST"), "hunter2")
  Sys.unsetenv("KERNELCONNECTOR_TEST")
})

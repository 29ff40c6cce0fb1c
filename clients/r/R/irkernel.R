# IRkernel, seen from within. It offers no function for this, so the object that runs the cells is
# found through base::readline, which it replaces by a method of that object.

# NULL if this is another R.
irkernel <- function() {
  executor <- environment(base::readline)[[".self"]]
  if (inherits(executor, "Executor") && is.function(executor$get_pass)) executor
}

# Whether the front end that sent the cell answers questions. IRkernel itself does not look, and
# would wait for ever: under nbconvert, papermill, or jupyter_client with allow_stdin off.
allows_input <- function(executor) {
  isTRUE(executor$current_request$content$allow_stdin)
}

# The reply to an `input_request` with this prompt and `password: true`.
irkernel_ask <- function(executor, prompt) {
  executor$get_pass(prompt)
}

# From within toString(): if it is IRkernel that shows the error, and it has begun to, it leaves
# the calls of the cell out. It counts them anew for each cell.
hide_calls <- function() {
  executor <- irkernel()
  if (is.null(executor)) {
    return()
  }
  shows <- function(i) identical(sys.function(i), executor$handle_error)
  if (any(vapply(seq_len(sys.nframe()), shows, NA))) {
    executor$nframe <- .Machine$integer.max - 1L
  }
}

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

# More than R lets calls be nested.
MANY <- 10000L

# From within toString(): if it is IRkernel that shows the error, it leaves as many calls out as it
# has counted of its own. It counts anew for each cell, and this one has ended.
hide_calls <- function() {
  executor <- irkernel()
  if (is.null(executor)) {
    return()
  }
  shows <- function(i) identical(sys.function(i), executor$handle_error)
  if (any(vapply(seq_len(sys.nframe()), shows, NA))) {
    executor$nframe <- MANY
  }
}

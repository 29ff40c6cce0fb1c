# Sends a prompt to the front end, and returns what it answers.

# asking: kernels have one stdin socket, and do not check which request a reply belongs to.
# pid: of the kernel, since the package was loaded there.
state <- new.env(parent = emptyenv())
state$asking <- FALSE

.onLoad <- function(...) {
  state$pid <- Sys.getpid()
}

# Runs one exchange; a second one within it, from an event handler, is refused.
alone <- function(exchange, names) {
  if (state$asking) {
    stop(credential_error(
      "CredentialDenied",
      names, " was denied, since another request of this kernel waits for its answer. ",
      "Run the cell again."
    ))
  }
  state$asking <- TRUE
  on.exit(state$asking <- FALSE)
  exchange()
}

# The front end's answer to `prompt`; `names` is for messages. Stops with a NoFrontend if there is
# nobody to ask.
ask <- function(prompt, names) {
  executor <- irkernel()
  if (is.null(executor) || !allows_input(executor)) {
    stop(no_store(names))
  }
  if (Sys.getpid() != state$pid) {
    # The sockets are the kernel's: a child that writes into them breaks them for both.
    stop(credential_error(
      "NoFrontend",
      names, " can only be asked for in the kernel's own process. ",
      "Get it there, and pass as.character(value) to the others."
    ))
  }
  reply <- irkernel_ask(executor, prompt)
  if (is.character(reply) && length(reply) == 1 && !is.na(reply)) reply else ""
}

no_store <- function(names) {
  credential_error(
    "NoFrontend",
    "Nothing here can hand out ", names, ": this front end has no credential store. ",
    "In JupyterLab install jupyterlab-credential-store and reload the page; ",
    "in a script read the value from the environment."
  )
}

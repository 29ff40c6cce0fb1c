# What can go wrong, each in one or two sentences for the person at the notebook.
#
# A condition of the class CredentialError ("no credential was handed out"), and of one of these:
#
# CredentialNotFound  There is no such credential, or no such field in it.
# CredentialDenied    The person denied it, or the page was closed before a decision.
# StoreLocked         The store is locked, or there is none yet.
# NoFrontend          Nothing that could hand out credentials can be asked from here.
# CredentialTimeout   Nobody decided within `timeout`.
# ProtocolError       The answer breaks a rule of the exchange; nothing was taken from it.

credential_error <- function(class, ...) {
  structure(
    class = c(class, "CredentialError", "error", "condition"),
    list(message = paste0(...), call = NULL)
  )
}

# IRkernel shows this, and then the calls that led here, which say nothing more.
toString.CredentialError <- function(x, ...) {
  hide_calls()
  paste0(class(x)[[1]], ": ", conditionMessage(x), "\n")
}

# How an error of R's own is called by the arguments that break a rule.
wrong <- function(...) {
  stop(..., call. = FALSE)
}

# Words for each way in which the page hands out nothing.

REFUSALS <- list(
  "denied" = c(
    "CredentialDenied",
    "You denied this notebook {names}. Run the cell again to be asked again."
  ),
  "blocked" = c(
    "CredentialDenied",
    "{names} was denied without asking, as you chose for this kernel. ",
    "Restart the kernel to be asked again."
  ),
  "busy" = c(
    "CredentialDenied",
    "{names} was denied, since too many requests are waiting. ",
    "Answer those in the page, then run the cell again."
  ),
  "closed" = c(
    "CredentialDenied",
    "The page was closed before you decided on {names}. Run the cell again."
  ),
  "locked" = c(
    "StoreLocked",
    "The credential store is locked, so {names} cannot be read. ",
    "Run the cell again and enter the passphrase."
  ),
  "no-store" = c(
    "StoreLocked",
    "There is no credential store to read {names} from. ",
    "Open the key icon in the sidebar to see why, or to create one."
  ),
  "timeout" = c(
    "CredentialTimeout",
    "Nobody decided on {names} in time. Run the cell again, or allow a longer timeout."
  ),
  "invalid" = c(
    "ProtocolError",
    "The page's credential store cannot read this request for {names}. ",
    "Update kernelconnector here, or jupyterlab-credential-store there."
  )
)

# The error for a reply that is not `granted`.
refusal <- function(reply, want) {
  if (reply$status == "not-found") {
    missing <- want[reply$missing]
    words <- if (reply$what == "credential") no_credential else no_field
    return(credential_error("CredentialNotFound", words(missing, reply$suggest)))
  }
  entry <- REFUSALS[[reply$status]]
  parts <- strsplit(paste(entry[-1], collapse = ""), "{names}", fixed = TRUE)[[1]]
  credential_error(entry[[1]], paste(parts, collapse = listed(want)))
}

no_credential <- function(missing, suggest) {
  close <- vapply(suggest, quoted, "")
  hint <- if (length(close)) {
    paste0(" Did you mean ", paste(close[seq_len(min(3, length(close)))], collapse = " or "), "?")
  }
  paste0(
    "There is no credential ", listed(missing), ".", hint,
    " Add ", if (length(missing) == 1) "it" else "them", " with the key icon in the sidebar."
  )
}

no_field <- function(missing, suggest) {
  one <- missing[[1]]
  name <- quoted(one$name)
  fields <- vapply(suggest, quoted, "")
  there <- paste(fields, collapse = ", ")
  if (!is.null(one$field)) {
    return(paste0(
      "The credential ", name, " has no field ", quoted(one$field), ".",
      if (length(fields)) paste0(" Its fields are ", there, ".")
    ))
  }
  paste0(
    "The credential ", name, " has several fields", if (length(fields)) paste0(": ", there), ". ",
    "Name the one you want: get_credential(", name, ", ",
    if (length(fields)) fields[[1]] else "\"its name\"", ")."
  )
}

# The names for a message: "db", "api".
listed <- function(want) {
  paste(vapply(want, function(one) quoted(one$name), ""), collapse = ", ")
}

# The name in quotes, with what a terminal would obey made visible.
quoted <- function(name) {
  found <- gregexpr("(?! )[\\p{C}\\p{Z}]", name, perl = TRUE)
  regmatches(name, found) <- lapply(regmatches(name, found), vapply, escaped, "")
  paste0("\"", name, "\"")
}

escaped <- function(character) {
  code <- utf8ToInt(character)
  sprintf(if (code < 0x10000) "\\u%04x" else "\\U%08x", code)
}

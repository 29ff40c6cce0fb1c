# A character vector that does not show itself.
#
# It is masked wherever R prints, formats or inspects, and in every format of a cell's result.
# as.character(), paste(), cat(), sprintf() and the functions that take a character vector get the
# plain value. saveRDS(), save() and dput() write it: R leaves no way to refuse.

new_secret <- function(value) {
  structure(value, class = c("Secret", "character"))
}

# Always as many: its length is a secret too. ASCII, since R escapes the rest in the locale C.
MASK <- "Secret(\"************\")"

format.Secret <- function(x, ...) {
  masks <- rep_len(MASK, length(x))
  names(masks) <- names(x)
  masks
}

print.Secret <- function(x, ...) {
  print(noquote(format(x)))
  invisible(x)
}

str.Secret <- function(object, ...) {
  cat("", paste(format(object), collapse = " "), "\n")
}

as.character.Secret <- function(x, ...) {
  as.character(unclass(x))
}

`[.Secret` <- function(x, ...) {
  new_secret(NextMethod())
}

`[[.Secret` <- function(x, ...) {
  new_secret(NextMethod())
}

c.Secret <- function(...) {
  new_secret(unlist(lapply(list(...), unclass)))
}

rep.Secret <- function(x, ...) {
  new_secret(NextMethod())
}

repr_text.Secret <- function(obj, ...) {
  paste(format(obj), collapse = "\n")
}

repr_html.Secret <- repr_text.Secret

repr_markdown.Secret <- repr_text.Secret

repr_latex.Secret <- repr_text.Secret

repr_json.Secret <- function(obj, ...) {
  NULL
}

# Runs the tests of tests/testthat: for R CMD check, and alone with Rscript tests/testthat.R.
library(testthat)
library(kernelconnector)

test_check("kernelconnector")

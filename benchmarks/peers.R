# Contestants in R: Rscript --no-init-file peers.R FUNCTION CLOCK WORKLOAD SMALL ANSWER (files; see measure.py).
# Each function prepares a task: run() is timed; answer(result), part and error(result) as in jobs.py.

read_ties <- function(file) {
  numbers <- readBin(file, "integer", file.size(file) / 4)
  list(shape = numbers[1:2], ties = matrix(numbers[-(1:2)] + 1L, ncol = 2, byrow = TRUE))
}

dense <- function(file) {
  found <- read_ties(file)
  m <- matrix(0, found$shape[1], found$shape[2])
  m[found$ties] <- 1
  m
}

# Pairs i < j by row, as the Python side has them: the lower triangle of a symmetric matrix, column by column.
pairs_of <- function(square) square[lower.tri(square)]

degree_error <- function(cells, m) max(abs(rowSums(cells) - rowSums(m)), abs(colSums(cells) - colSums(m)))

projection <- function(file) {
  found <- read_ties(file)
  m <- Matrix::sparseMatrix(found$ties[, 1], found$ties[, 2], x = 1, dims = found$shape)
  list(run = function() Matrix::tcrossprod(m), answer = function(product) {
    square <- as.matrix(product)
    diag(square) <- 0
    shared <- tabulate(pairs_of(square) + 1, 512)
    c(shared, rowSums(square))
  })
}

bicm <- function(file) {
  m <- dense(file)
  list(run = function() backbone::bicm(m), answer = t, error = function(cells) degree_error(cells, m))
}

sdsm <- function(file) {
  m <- dense(file)
  list(run = function() backbone::sdsm(m, alpha = NULL), answer = function(b) pairs_of(b$Pupper))
}

# The fit, then the package's own steps for one pair on some of the pairs. The share of the job is what these take of all
# that share something, once the fit, the product and the lists that it makes but once are set aside.
sdsm_part <- function(file, some = 20000) {
  m <- dense(file)
  n <- nrow(m)
  list(scale = function() {
    begin <- Sys.time()
    cells <- backbone::bicm(m)
    shared <- tcrossprod(m)
    rows <- lapply(seq_len(n), function(i) cells[i, ])
    fixed <- elapsed(begin)
    begin <- Sys.time()
    set.seed(1)
    i <- sample(n, some, replace = TRUE)
    j <- sample(n, some, replace = TRUE)
    p <- mapply(function(i, j) {
      if (shared[i, j] == 0) return(NA)
      backbone::pb(shared[i, j], unlist(Map("*", rows[i], rows[j])), lowertail = FALSE)[2]
    }, i, j)
    all <- pmin(i, j) != pmax(i, j)
    square <- matrix(NA_real_, n, n)
    square[cbind(i, j)[all, ]] <- p[all]
    square[cbind(j, i)[all, ]] <- p[all]
    list(result = square, seconds = fixed + elapsed(begin) * n * (n + 1) / 2 / some)
  }, answer = pairs_of)
}

exact <- function(file) {
  m <- dense(file)
  shared <- tcrossprod(m)
  list(run = function() {
    cells <- backbone::bicm(m)
    p <- matrix(NA_real_, nrow(m), nrow(m))
    for (j in 1:(nrow(m) - 1)) for (i in (j + 1):nrow(m)) {
      p[i, j] <- PoissonBinomial::ppbinom(shared[i, j] - 1, cells[i, ] * cells[j, ], lower.tail = FALSE)
    }
    p
  }, answer = pairs_of)
}

fastball <- function(file) {
  # Rows as lists of columns; that they are turned from R's lists and back is part of its time, as in the package.
  found <- read_ties(file)
  rows <- split(found$ties[, 2], factor(found$ties[, 1], seq_len(found$shape[1])))
  trades <- if (found$shape[1] < 100) 1000 else if (found$shape[1] < 100000) 400000 else 2000000
  list(
    run = function() backbone:::fastball_cpp(rows, trades), part = trades,
    error = function(drawn) {
      columns <- function(x) tabulate(unlist(x), found$shape[2])
      max(abs(lengths(drawn) - lengths(rows)), abs(columns(drawn) - columns(rows)))
    }
  )
}

curveball <- function(file) {
  m <- dense(file)
  model <- vegan::nullmodel(m, "curveball")
  trades <- if (nrow(m) < 100) 1000 else if (nrow(m) < 1000) 100000 else 5000
  list(
    run = function() simulate(model, 1, burnin = trades, thin = 1)[, , 1], part = trades,
    error = function(drawn) degree_error(drawn, m)
  )
}

fdsm <- function(file, trials = 1000, of = trials) {
  m <- dense(file)
  list(
    run = function() backbone::fdsm(m, alpha = NULL, trials = trials, progress = FALSE), part = trials / of,
    answer = if (trials == of) function(b) pairs_of(b$Pupper)
  )
}

fdsm_part <- function(file) if (file.size(file) < 1e5) fdsm(file) else fdsm(file, 3, 1000)

from_file <- function(file) {
  list(run = function() {
    found <- read.csv(file)
    m <- 1 * (table(found$actor, found$body) > 0)
    backbone::sdsm(matrix(m, nrow(m)), alpha = NULL)
  }, answer = function(b) pairs_of(b$Pupper))
}

nodf <- function(file) {
  m <- dense(file)
  list(run = function() vegan::nestednodf(m), answer = function(found) found$statistic[c("N rows", "N columns", "NODF")])
}

# ---- the clock

elapsed <- function(begin) as.numeric(difftime(Sys.time(), begin, units = "secs"))

time_it <- function(task, again) {
  if (!is.null(task$scale)) return(task$scale())
  times <- c()
  while (length(times) == 0 || (again && sum(times) < 1 && length(times) < 200)) {
    begin <- Sys.time()
    result <- task$run()
    times <- c(times, elapsed(begin))
  }
  list(result = result, seconds = median(if (length(times) > 1) times[-1] else times))
}

peak <- function() {
  lines <- if (file.exists("/proc/self/status")) readLines("/proc/self/status") else "VmHWM: NA kB"
  as.numeric(gsub("[^0-9NA]", "", sub("VmHWM:", "", grep("VmHWM", lines, value = TRUE)))) / 1024
}

main <- function(name, clock, workload, small, answer) {
  prepare <- get(name)
  if (clock == "inner") time_it(prepare(small), FALSE)
  task <- prepare(workload)
  found <- time_it(task, clock == "inner")
  part <- if (is.null(task$part)) 1 else task$part
  mb <- peak()
  error <- if (is.null(task$error)) "null" else format(task$error(found$result), digits = 15)
  if (!is.null(task$answer)) writeBin(as.numeric(task$answer(found$result)), answer)
  estimate <- if (part < 1 || !is.null(task$scale)) "true" else "false"
  cat(sprintf('\n{"seconds": %.9g, "mb": %.1f, "estimate": %s, "error": %s}\n', found$seconds / part, mb, estimate, error))
}

says <- function(fault) gsub('["\\\\\n]', " ", conditionMessage(fault))
tryCatch(
  suppressPackageStartupMessages(do.call(main, as.list(commandArgs(TRUE)))),
  packageNotFoundError = function(fault) cat(sprintf('\n{"fault": "ImportError", "says": "%s"}\n', says(fault))),
  error = function(fault) cat(sprintf('\n{"fault": "error", "says": "%s"}\n', says(fault)))
)

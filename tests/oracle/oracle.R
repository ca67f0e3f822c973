# What R makes of the data sets in a folder: `Rscript oracle.R FOLDER`, started by `make oracle`.
#
# NOT RUN on the machine on which it was written: there was no R. Only the files that it reads and writes were tried,
# with an answer written by hand from R's published figures (tests/oracle/test_oracle.py). If a line of it fails on
# your R, the line is wrong, not your R.
#
# Reads FOLDER/<kind>_<number>.csv and writes FOLDER/answers.csv with the columns case, figure, value (NA: no figure).
# Written for the packages of Debian 12 (R 4.2.2): r-cran-lmertest (brings lme4), r-cran-survival, r-cran-psych,
# r-cran-effectsize.

suppressPackageStartupMessages({
  library(lmerTest)
  library(survival)
})

folder <- commandArgs(trailingOnly = TRUE)[1]
answers <- list()

answer <- function(case, figure, value) {
  answers[[length(answers) + 1]] <<- data.frame(case = case, figure = figure, value = as.numeric(value))
}

# Columns y, person, time, arm (0 or 1).
mixed <- function(case, d) {
  d$person <- factor(d$person)
  closer <- lme4::lmerControl(optimizer = "nloptwrap", optCtrl = list(ftol_abs = 1e-10, xtol_abs = 1e-10))
  model <- lmerTest::lmer(y ~ time * arm + (1 | person), data = d, REML = TRUE, control = closer)
  terms <- coef(summary(model))
  names <- c("intercept", "time", "arm", "time:arm")
  for (i in 1:4) {
    answer(case, paste0(names[i], ".estimate"), terms[i, "Estimate"])
    answer(case, paste0(names[i], ".se"), terms[i, "Std. Error"])
    answer(case, paste0(names[i], ".df"), terms[i, "df"])
  }
  answer(case, "variance", as.data.frame(lme4::VarCorr(model))$vcov[1])
  answer(case, "residual", sigma(model)^2)
  answer(case, "criterion", lme4::REMLcrit(model))
}

# Columns pre, post.
paired <- function(case, d) {
  test <- t.test(d$post, d$pre, paired = TRUE)
  answer(case, "difference", mean(d$post - d$pre))
  answer(case, "difference.low", test$conf.int[1])
  answer(case, "difference.high", test$conf.int[2])
  answer(case, "t", test$statistic)
  answer(case, "df", test$parameter)
  answer(case, "p", test$p.value)
  size <- effectsize::cohens_d(d$post, d$pre, paired = TRUE)
  answer(case, "d_z", size$Cohens_d)
  answer(case, "d_z.low", size$CI_low)
  answer(case, "d_z.high", size$CI_high)
  answer(case, "g_z", effectsize::hedges_g(d$post, d$pre, paired = TRUE)$Hedges_g)
}

# Columns time, event (0 or 1), ask (the day asked for, the same in every row). Where a curve is a half exactly, R takes
# the middle of that stretch for the median and Peil its first day: the data sets have no such curve.
survival <- function(case, d) {
  curve <- survfit(Surv(time, event) ~ 1, data = d, conf.type = "log-log")
  there <- summary(curve, times = d$ask[1])
  answer(case, "staying", there$surv)
  answer(case, "staying.low", there$lower)
  answer(case, "staying.high", there$upper)
  answer(case, "median", quantile(curve, probs = 0.5)$quantile)
}

# Columns time, event, group.
logrank <- function(case, d) {
  answer(case, "chi2", survdiff(Surv(time, event) ~ group, data = d)$chisq)
}

# Columns time, cause (0: still there, 1, 2), ask.
competing <- function(case, d) {
  cause <- factor(d$cause, levels = 0:2, labels = c("there", "one", "two"))
  curve <- survfit(Surv(d$time, cause) ~ 1)
  there <- matrix(summary(curve, times = d$ask[1])$pstate, ncol = 3) # the states: there, one, two
  answer(case, "incidence.1", there[1, 2])
  answer(case, "incidence.2", there[1, 3])
}

# One column per 0/1 item.
scale <- function(case, d) {
  answer(case, "alpha", psych::alpha(d, check.keys = FALSE, warnings = FALSE)$total$raw_alpha)
}

# Columns dropped (0 or 1), score, arm.
dropout <- function(case, d) {
  model <- glm(dropped ~ score + arm, data = d, family = binomial, control = glm.control(epsilon = 1e-12))
  answer(case, "intercept", coef(model)["(Intercept)"])
  answer(case, "score.log_odds", coef(model)["score"])
  answer(case, "arm.log_odds", coef(model)["arm"])
  limits <- exp(confint.default(model)["score", ])
  answer(case, "score.odds.low", limits[1])
  answer(case, "score.odds.high", limits[2])
}

# One row: count, of, entered, left.
counts <- function(case, d) {
  limits <- prop.test(d$count, d$of, correct = FALSE)$conf.int
  answer(case, "wilson.low", limits[1])
  answer(case, "wilson.high", limits[2])
  answer(case, "mcnemar.p", binom.test(d$entered, d$entered + d$left)$p.value)
}

kinds <- list(
  mixed = mixed, paired = paired, survival = survival, logrank = logrank, competing = competing,
  scale = scale, dropout = dropout, counts = counts
)

for (file in list.files(folder, pattern = "^[a-z]+_[0-9]+[.]csv$", full.names = TRUE)) {
  case <- sub("[.]csv$", "", basename(file))
  kind <- sub("_[0-9]+$", "", case)
  tryCatch(
    kinds[[kind]](case, read.csv(file)),
    error = function(problem) message(case, ": ", conditionMessage(problem))
  )
}
write.csv(do.call(rbind, answers), file.path(folder, "answers.csv"), row.names = FALSE)

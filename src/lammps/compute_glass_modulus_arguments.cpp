// Part of lammps-glass, GPL-2.0.

// What compute glass/modulus is told: frequencies, kernel and the rest.

#include "compute_glass_modulus.h"

#include "text_file.h"

#include "comm.h"
#include "domain.h"
#include "error.h"

#include <cmath>

using namespace LAMMPS_NS;

void ComputeGlassModulus::parse(int narg, char **arg)
{
  const auto need = [&](int iarg, int n_values) {
    if (iarg + n_values >= narg)
      utils::missing_cmd_args(FLERR, std::string("compute glass/modulus ") + arg[iarg], error);
  };
  for (int iarg = 3; iarg < narg;) {
    if (parse_common_keyword(iarg, narg, arg)) continue;
    const std::string keyword = arg[iarg];
    if (keyword == "omega") {
      need(iarg, 2);
      iarg += parse_frequencies(narg - iarg, arg + iarg);
    } else if (keyword == "kernel") {
      need(iarg, 2);
      iarg += parse_kernel(narg - iarg, arg + iarg);
    } else if (keyword == "strain") {
      components = parse_strain(iarg, narg, arg);
    } else if (keyword == "modes") {
      need(iarg, 1);
      source.emplace(lmp, name(), arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "tolerance") {
      need(iarg, 1);
      tolerance = utils::numeric(FLERR, arg[iarg + 1], false, lmp);
      if (!(tolerance > 0.0))
        error->all(FLERR, "Compute glass/modulus tolerance must be > 0, not {}", arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "maxiter" || keyword == "seed") {
      need(iarg, 1);
      int &value = keyword == "seed" ? seed : most_steps;
      value = utils::inumeric(FLERR, arg[iarg + 1], false, lmp);
      if (value < 1)
        error->all(FLERR, "Compute glass/modulus {} must be > 0, not {}", keyword, arg[iarg + 1]);
      iarg += 2;
    } else if (keyword == "rescale") {
      need(iarg, 3);
      rescaled = true;
      real_factor = utils::numeric(FLERR, arg[iarg + 1], false, lmp);
      imaginary_factor = utils::numeric(FLERR, arg[iarg + 2], false, lmp);
      affine_constant = utils::numeric(FLERR, arg[iarg + 3], false, lmp);
      iarg += 4;
    } else
      error->all(FLERR, "Unknown compute glass/modulus keyword: {}", keyword);
  }
  if (components.empty()) components.push_back(3);    // xy
  if (omega_w.empty())
    error->all(FLERR, "Compute glass/modulus needs frequencies: give omega list, log or linear");
  if (!kernel)
    error->all(FLERR,
               "Compute glass/modulus needs the kernel of the friction: give kernel constant, "
               "stretched, prony, table or memory");
  for (const double omega : omega_w) {
    const std::complex<double> nu = kernel->spectrum(omega);
    // A real part as small as this is rounding.
    if (omega > 0.0 && !(nu.real() > 1.0e-13 * std::abs(nu)))
      error->all(
          FLERR,
          "Compute glass/modulus: the kernel does not damp at omega {}: the real part of its "
          "spectrum is {:.6g} and must be > 0",
          omega, nu.real());
    nu_w.push_back(nu);
    shift_w.push_back(glass::shift(omega, nu));
  }
}

/* ----------------------------------------------------------------------
   the words from omega on; returns how many of them
------------------------------------------------------------------------- */

int ComputeGlassModulus::parse_frequencies(int narg, char **arg)
{
  const std::string kind = arg[1];
  omega_w.clear();
  if (kind == "list") {
    int n = 2;
    for (; n < narg && utils::is_double(arg[n]); ++n) {
      omega_w.push_back(utils::numeric(FLERR, arg[n], false, lmp));
      if (!(omega_w.back() >= 0.0))
        error->all(FLERR, "Compute glass/modulus omega must be >= 0, not {}", arg[n]);
    }
    if (omega_w.empty())
      error->all(FLERR, "Compute glass/modulus omega list must be followed by numbers, not {}",
                 arg[2]);
    return n;
  }
  if (kind != "log" && kind != "linear")
    error->all(FLERR, "Compute glass/modulus omega must be list, log or linear, not {}", kind);
  if (narg < 5) utils::missing_cmd_args(FLERR, "compute glass/modulus omega " + kind, error);
  const double low = utils::numeric(FLERR, arg[2], false, lmp);
  const double high = utils::numeric(FLERR, arg[3], false, lmp);
  const int n = utils::inumeric(FLERR, arg[4], false, lmp);
  const bool logarithmic = kind == "log";
  if (logarithmic ? !(low > 0.0) : !(low >= 0.0))
    error->all(FLERR, "Compute glass/modulus omega {}: lo must be {} 0, not {}", kind,
               logarithmic ? ">" : ">=", arg[2]);
  if (!(low < high))
    error->all(FLERR, "Compute glass/modulus omega {}: lo {} must be < hi {}", kind, arg[2],
               arg[3]);
  if (n < 2)
    error->all(FLERR, "Compute glass/modulus omega {}: n must be > 1, not {}", kind, arg[4]);
  for (int w = 0; w < n; ++w) {
    const double part = static_cast<double>(w) / (n - 1);
    omega_w.push_back(logarithmic ? low * std::pow(high / low, part) : low + part * (high - low));
  }
  return 5;
}

/* ----------------------------------------------------------------------
   the words from kernel on; returns how many of them
------------------------------------------------------------------------- */

int ComputeGlassModulus::parse_kernel(int narg, char **arg)
{
  const std::string kind = arg[1];
  const auto numbers = [&](int first, int n) {
    if (first + n > narg)
      utils::missing_cmd_args(FLERR, "compute glass/modulus kernel " + kind, error);
    std::vector<double> values;
    for (int k = first; k < first + n; ++k)
      values.push_back(utils::numeric(FLERR, arg[k], false, lmp));
    return values;
  };
  std::string where;
  int n_words = 3;
  try {
    if (kind == "constant") {
      kernel = glass::constant_kernel(numbers(2, 1)[0]);
    } else if (kind == "stretched") {
      const std::vector<double> value = numbers(2, 3);
      n_words = 5;
      kernel = glass::stretched_kernel(value[0], value[1], value[2]);
    } else if (kind == "prony") {
      const int n = utils::inumeric(FLERR, arg[2], false, lmp);
      if (n < 1)
        error->all(FLERR, "Compute glass/modulus kernel prony: n must be > 0, not {}", arg[2]);
      const std::vector<double> value = numbers(3, 2 * n);
      n_words = 3 + 2 * n;
      std::vector<double> nu_k, tau_k;
      for (int k = 0; k < n; ++k) {
        nu_k.push_back(value[2 * k]);
        tau_k.push_back(value[2 * k + 1]);
      }
      kernel = glass::prony_kernel(std::move(nu_k), std::move(tau_k));
    } else if (kind == "table" || kind == "memory") {
      const std::string text = read_file(arg[2]);
      where = std::string("file ") + arg[2] + ": ";
      kernel = kind == "table" ? glass::parse_table(text) : glass::parse_memory_table(text);
    } else
      error->all(FLERR,
                 "Compute glass/modulus kernel must be constant, stretched, prony, table or "
                 "memory, not {}",
                 kind);
  } catch (const std::invalid_argument &refusal) {
    error->all(FLERR, "Compute glass/modulus kernel {}: {}{}", kind, where, refusal.what());
  }
  return n_words;
}

/* ----------------------------------------------------------------------
   by the first rank, for all
------------------------------------------------------------------------- */

std::string ComputeGlassModulus::read_file(const std::string &file)
{
  std::string text;
  int readable = 1;
  if (comm->me == 0) readable = glass::read_text(file, text) ? 1 : 0;
  MPI_Bcast(&readable, 1, MPI_INT, 0, world);
  if (!readable) error->all(FLERR, "Compute glass/modulus kernel: cannot read file {}", file);
  const std::vector<char> all =
      communicator.gather_on_all(std::vector<char>(text.begin(), text.end()));
  return {all.begin(), all.end()};
}

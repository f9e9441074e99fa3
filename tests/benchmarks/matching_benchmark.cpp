// Part of lammps-glass, GPL-2.0.

// Matches two configurations from raw files, for benchmark.py, which compares it with scipy:
//
//   glass_matching_benchmark POSITIONS REFERENCES XX YY ZZ [YZ XZ XY] [warm]
//
// Files of float64, three numbers an atom; XX to XY as in LAMMPS's domain->h. Prints the seconds of
// Matcher::match() (search structures, solution, check), the peak memory of the process, what
// Matcher::memory() says, the sum of squares and its certified lower bound. With warm, solves
// twice, the second time from the prices of the first.

#include "observable/matching.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace {

constexpr double megabyte = 1048576.0;

std::vector<double> read(const char *name)
{
  std::ifstream file(name, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(std::string("Cannot read ") + name);
  std::vector<double> numbers(static_cast<std::size_t>(file.tellg()) / sizeof(double));
  file.seekg(0);
  file.read(reinterpret_cast<char *>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(double)));
  return numbers;
}

/// Bytes; of this program alone, unlike ru_maxrss, which begins with the parent's.
double peak_memory()
{
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return 1024.0 * std::atof(line.c_str() + 6);
  return 0.0;
}

void run(int argc, char **argv)
{
  const bool warm = std::strcmp(argv[argc - 1], "warm") == 0;
  argc -= warm ? 1 : 0;
  if (argc != 6 && argc != 9) throw std::runtime_error("See the head of the source for arguments");
  const std::vector<double> position = read(argv[1]), reference = read(argv[2]);
  glass::MatchingCell cell;
  for (int k = 3; k < argc; ++k)
    cell.h[k - 3] = std::atof(argv[k]);

  glass::Matcher matcher;
  matcher.set_progress([](const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); });
  for (int solution = 0; solution < (warm ? 2 : 1); ++solution) {
    const auto start = std::chrono::steady_clock::now();
    const glass::Matching matching = matcher.match(position, reference, cell);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%.4f s, peak %.1f MB, announced %.1f MB, sum %.17g, lower bound %.17g\n",
                seconds.count(), peak_memory() / megabyte,
                glass::Matcher::memory(position.size() / 3) / megabyte, matching.sum_of_squares,
                matching.lower_bound);
  }
}

}    // namespace

int main(int argc, char **argv)
{
  try {
    run(argc, argv);
  } catch (const std::exception &problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 1;
  }
  return 0;
}

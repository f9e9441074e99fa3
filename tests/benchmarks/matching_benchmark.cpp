// Part of lammps-glass, GPL-2.0.

// Matches two configurations from raw files, for benchmark.py, which compares it with scipy:
//
//   glass_matching_benchmark POSITIONS REFERENCES XX YY ZZ [YZ XZ XY] [warm]
//
// Files of float64, three numbers an atom; XX to XY as in LAMMPS's domain->h. Prints the seconds of
// Matcher::match() (search structures, solution, check), the peak memory of the process, the
// memory announced, the sum of squares and its certified lower bound. With warm, solves twice, the second time from the prices of the first.

#include "observable/matching.h"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace {

std::vector<double> read(const char *name)
{
  std::ifstream file(name, std::ios::binary | std::ios::ate);
  std::vector<double> numbers(static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0)) / sizeof(double));
  file.seekg(0);
  if (!file.read(reinterpret_cast<char *>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(double))))
    throw std::runtime_error(std::string("Cannot read ") + name);
  return numbers;
}

}    // namespace

int main(int argc, char **argv)
{
  const bool warm = argc > 1 && std::strcmp(argv[argc - 1], "warm") == 0;
  argc -= warm ? 1 : 0;
  if (argc != 6 && argc != 9) {
    std::fprintf(stderr, "glass_matching_benchmark POSITIONS REFERENCES XX YY ZZ [YZ XZ XY] [warm]\n");
    return 1;
  }
  const std::vector<double> position = read(argv[1]), reference = read(argv[2]);
  glass::MatchingCell cell;
  for (int k = 3; k < argc; ++k)
    cell.h[k - 3] = std::atof(argv[k]);

  glass::Matcher matcher;
  matcher.set_progress([](const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); });
  for (int run = 0; run < (warm ? 2 : 1); ++run) {
    const auto start = std::chrono::steady_clock::now();
    const glass::Matching matching = matcher.match(position, reference, cell);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%.4f s, peak %.1f MB, announced %.1f MB, sum %.17g, lower bound %.17g\n",
                seconds.count(), static_cast<double>(usage.ru_maxrss) / 1024.0,
                glass::Matcher::memory(position.size() / 3) / 1048576.0,
                matching.sum_of_squares, matching.lower_bound);
  }
}

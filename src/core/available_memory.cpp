// Part of lammps-glass, GPL-2.0.

#include "available_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

#include <sys/resource.h>

namespace glass {

namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

/// The number in a file that holds just one; `unlimited` if there is none ("max" counts as none).
std::size_t read_number(const std::string &path)
{
  std::ifstream file(path);
  std::size_t value = unlimited;
  return file >> value ? value : unlimited;
}

/// The number behind a key in a file of "key number" lines, 0 if there is none.
std::size_t read_key(const std::string &path, const std::string &key)
{
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t value = 0;
    if (words >> name >> value && name == key) return value;
  }
  return 0;
}

/// What is left below the limits of a control group and all groups above it.
std::size_t left_in_group(const std::string &mount, std::string group,
                          const std::string &limit_file, const std::string &usage_file,
                          const std::string &cache_key)
{
  std::size_t left = unlimited;
  for (;;) {
    const std::string directory = mount + (group == "/" ? "" : group) + "/";
    const std::size_t limit = read_number(directory + limit_file);
    const std::size_t usage = read_number(directory + usage_file);
    if (limit != unlimited && usage != unlimited) {
      const std::size_t cache = read_key(directory + "memory.stat", cache_key);
      const std::size_t used = usage - std::min(usage, cache);
      left = std::min(left, limit - std::min(limit, used));
    }
    const std::size_t slash = group.rfind('/');
    if (group.empty() || group == "/" || slash == std::string::npos) return left;
    group = slash == 0 ? "/" : group.substr(0, slash);
  }
}

std::size_t left_in_control_groups(const std::string &root)
{
  // Lines are hierarchy:controllers:group; version 2 has hierarchy 0 and no controllers.
  std::size_t left = unlimited;
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    if (controllers == ",,")
      left = std::min(left, left_in_group(root + "/sys/fs/cgroup", group, "memory.max",
                                          "memory.current", "inactive_file"));
    else if (controllers.find(",memory,") != std::string::npos)
      left = std::min(left,
                      left_in_group(root + "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes",
                                    "memory.usage_in_bytes", "total_inactive_file"));
  }
  return left;
}

std::size_t left_in_address_space(const std::string &root)
{
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  const std::size_t used = 1024 * read_key(root + "/proc/self/status", "VmSize:");
  return limit.rlim_cur - std::min<std::size_t>(limit.rlim_cur, used);
}

}    // namespace

std::size_t available_memory(const std::string &root)
{
  const std::size_t machine = 1024 * read_key(root + "/proc/meminfo", "MemAvailable:");
  return std::min({machine > 0 ? machine : unlimited, left_in_control_groups(root),
                   left_in_address_space(root)});
}

}    // namespace glass

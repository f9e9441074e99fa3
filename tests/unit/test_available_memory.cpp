// Part of lammps-glass, GPL-2.0.

#include "available_memory.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;

/// A root directory with made-up files below /proc and /sys.
class AvailableMemory : public testing::Test {
 protected:
  AvailableMemory()
  {
    std::string pattern = (fs::temp_directory_path() / "glass-XXXXXX").string();
    root = mkdtemp(pattern.data());
    write("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n");
  }
  ~AvailableMemory() override { fs::remove_all(root); }

  void write(const std::string &path, const std::string &text)
  {
    fs::create_directories((fs::path(root) / path).parent_path());
    std::ofstream(fs::path(root) / path) << text;
  }

  std::string root;
};

TEST_F(AvailableMemory, IsWhatTheMachineHas)
{
  EXPECT_EQ(glass::available_memory(root), 8000000ul * 1024);
}

TEST_F(AvailableMemory, HonoursVersion2GroupsAndTheirParents)
{
  write("proc/self/cgroup", "0::/jobs/mine\n");
  write("sys/fs/cgroup/jobs/mine/memory.max", "max\n");
  write("sys/fs/cgroup/jobs/mine/memory.current", "1000\n");
  write("sys/fs/cgroup/jobs/memory.max", "5000000000\n");
  write("sys/fs/cgroup/jobs/memory.current", "2000000000\n");
  write("sys/fs/cgroup/jobs/memory.stat", "anon 1000\ninactive_file 500000000\n");
  EXPECT_EQ(glass::available_memory(root), 3500000000ul);    // page cache can be had back
}

TEST_F(AvailableMemory, HonoursVersion1Groups)
{
  write("proc/self/cgroup", "8:cpu,cpuacct:/other\n4:memory:/mine\n0::/\n");
  write("sys/fs/cgroup/memory/mine/memory.limit_in_bytes", "3000000000\n");
  write("sys/fs/cgroup/memory/mine/memory.usage_in_bytes", "1000000000\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000000\n");
  EXPECT_EQ(glass::available_memory(root), 2000000000ul);
}

TEST_F(AvailableMemory, IsNothingBeyondTheLimit)
{
  write("proc/self/cgroup", "0::/mine\n");
  write("sys/fs/cgroup/mine/memory.max", "1000\n");
  write("sys/fs/cgroup/mine/memory.current", "2000\n");
  EXPECT_EQ(glass::available_memory(root), 0u);
}

TEST_F(AvailableMemory, IsPositiveHere)
{
  EXPECT_GT(glass::available_memory(), std::size_t{1} << 20);
}

}    // namespace

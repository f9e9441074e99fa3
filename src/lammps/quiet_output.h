// Part of lammps-glass, GPL-2.0.

#ifndef GLASS_QUIET_OUTPUT_H
#define GLASS_QUIET_OUTPUT_H

#include "lammps.h"
#include "output.h"
#include "thermo.h"

#include <cstdio>
#include <string>

namespace glass {

/// While it lives, LAMMPS prints nothing but its warnings and errors (those when it goes), and
/// thermo output evaluates nothing: what a user prints in a run may be costly, and is not wanted at
/// the steps of a minimisation in between.
class QuietOutput {
 public:
  explicit QuietOutput(LAMMPS_NS::LAMMPS *lmp) :
      lmp(lmp), screen(lmp->screen), logfile(lmp->logfile), thermo(lmp->output->thermo)
  {
    char *arg[] = {const_cast<char *>("custom"), const_cast<char *>("step")};
    silent = new LAMMPS_NS::Thermo(lmp, 2, arg);
    silent->lostflag = thermo->lostflag;
    silent->lostbond = thermo->lostbond;
    lmp->output->thermo = silent;
    stream = open_memstream(&text, &length);
    lmp->screen = stream;
    lmp->logfile = nullptr;
  }

  ~QuietOutput()
  {
    lmp->screen = screen;
    lmp->logfile = logfile;
    lmp->output->thermo = thermo;
    delete silent;
    if (!stream) return;
    fclose(stream);
    pass_on();
    free(text);
  }

  /// The thermo output that the user has chosen, for what is to be evaluated now, or again the one
  /// that evaluates nothing.
  void use_thermo_of_user(bool yes)
  {
    lmp->output->thermo = yes ? thermo : silent;
    if (yes) thermo->init();
  }

  QuietOutput(const QuietOutput &) = delete;
  QuietOutput &operator=(const QuietOutput &) = delete;

 private:
  /// Warnings are lines; what follows an error belongs to it.
  void pass_on() const
  {
    const std::string all(text, length);
    const std::size_t error = all.find("ERROR");
    std::size_t begin = 0;
    while (begin < all.size()) {
      std::size_t end = all.find('\n', begin);
      end = end == std::string::npos ? all.size() : end + 1;
      const std::string line = all.substr(begin, end - begin);
      if (begin + line.size() > error || line.compare(0, 7, "WARNING") == 0) print(line);
      begin = end;
    }
    // What follows an error may be MPI_Abort.
    if (screen) fflush(screen);
    if (logfile) fflush(logfile);
  }

  void print(const std::string &line) const
  {
    if (screen) fputs(line.c_str(), screen);
    if (logfile) fputs(line.c_str(), logfile);
  }

  LAMMPS_NS::LAMMPS *lmp;
  FILE *screen, *logfile, *stream = nullptr;
  LAMMPS_NS::Thermo *thermo, *silent;
  char *text = nullptr;
  std::size_t length = 0;
};

}    // namespace glass

#endif

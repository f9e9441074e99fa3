// Part of lammps-glass, GPL-2.0.

#ifndef LMP_INM_REFERENCE_H
#define LMP_INM_REFERENCE_H

#include "pointers.h"

#include <string>

namespace LAMMPS_NS {

/// The compute glass/inm that another style names as c_ID. Ends the run, with the name of that
/// style, where there is none.
class INMReference : protected Pointers {
 public:
  /// @param user  how messages begin
  /// @param word  c_ID
  INMReference(class LAMMPS *, std::string user, const std::string &word);

  /// The word of a style that has c_ID as its first argument, for the constructor.
  static std::string first_argument(class LAMMPS *, int narg, char **arg);

  const std::string &id() const { return id_; }

  /// As it is now: it may have been deleted or defined anew since the last call.
  class ComputeGlassINM &find() const;

  /// The same, ready to be evaluated.
  class ComputeGlassINM &find_initialized() const;

 private:
  std::string user_, id_;
};

}    // namespace LAMMPS_NS

#endif

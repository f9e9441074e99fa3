// Part of lammps-glass, GPL-2.0.

#ifndef LMP_VALUE_SOURCE_H
#define LMP_VALUE_SOURCE_H

#include "pointers.h"

#include <string>

namespace LAMMPS_NS {

/// A number that an input line gives as such or leaves to something else in the script: v_name (an
/// equal-style variable), c_ID, c_ID[I], f_ID or f_ID[I] (global values). What it refers to is
/// looked up by name each time, since it may have been deleted and defined anew.
class ValueSource : protected Pointers {
 public:
  /// `owner` and `keyword` begin the error messages: "Compute some/style (ID x)", "temp".
  ValueSource(class LAMMPS *lmp, std::string owner, std::string keyword, std::string text);

  /// Whether it is a number, which is known from the start.
  bool is_number() const { return kind == Kind::NUMBER; }
  /// Ends the run unless it refers to something that has such a value. For init() of the owner.
  void check() const;
  /// The current value, the same on all ranks. As everywhere in LAMMPS, a compute is not invoked
  /// again if that has been done at this step. Ends the run if it is no finite number. Collective.
  double value();
  /// "owner: keyword text", as error messages about it begin.
  std::string name() const { return owner + ": " + keyword + " " + text; }

 private:
  enum class Kind { NUMBER, VARIABLE, COMPUTE, FIX };

  int find_variable() const;
  class Compute &find_compute() const;
  class Fix &find_fix() const;
  double evaluate();
  double evaluate_compute();
  double evaluate_fix();

  std::string owner, keyword, text;
  Kind kind = Kind::NUMBER;
  double number = 0.0;
  std::string id;
  int index = 0;    // of the element, from 1 on; 0: the scalar
  bool evaluating = false;
};

}    // namespace LAMMPS_NS

#endif

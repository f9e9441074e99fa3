// Part of lammps-glass, GPL-2.0.

#include "value_source.h"

#include "arg_info.h"
#include "compute.h"
#include "error.h"
#include "fix.h"
#include "input.h"
#include "modify.h"
#include "update.h"
#include "variable.h"

#include <cmath>
#include <utility>

using namespace LAMMPS_NS;

ValueSource::ValueSource(LAMMPS *lmp, std::string owner_name, std::string keyword_name,
                         std::string text_given) :
    Pointers(lmp),
    owner(std::move(owner_name)), keyword(std::move(keyword_name)), text(std::move(text_given))
{
  if (utils::is_double(text)) {
    number = utils::numeric(FLERR, text, false, lmp);
    return;
  }
  const ArgInfo info(text, ArgInfo::VARIABLE | ArgInfo::COMPUTE | ArgInfo::FIX);
  switch (info.get_type()) {
    case ArgInfo::VARIABLE: kind = Kind::VARIABLE; break;
    case ArgInfo::COMPUTE: kind = Kind::COMPUTE; break;
    case ArgInfo::FIX: kind = Kind::FIX; break;
    default: break;
  }
  if (kind == Kind::NUMBER || info.get_dim() > (kind == Kind::VARIABLE ? 0 : 1))
    error->all(FLERR, "{}: {} must be a number, v_name, c_ID, c_ID[I], f_ID or f_ID[I], not {}",
               owner, keyword, text);
  id = info.get_name();
  index = info.get_dim() == 1 ? info.get_index1() : 0;
}

/* ---------------------------------------------------------------------- */

void ValueSource::check() const
{
  if (kind == Kind::VARIABLE) find_variable();
  if (kind == Kind::COMPUTE) find_compute();
  if (kind == Kind::FIX) find_fix();
}

int ValueSource::find_variable() const
{
  const int variable = input->variable->find(id.c_str());
  if (variable < 0) error->all(FLERR, "{}: there is no variable {}", name(), id);
  if (!input->variable->equalstyle(variable))
    error->all(FLERR, "{}: variable {} is not of style equal", name(), id);
  return variable;
}

Compute &ValueSource::find_compute() const
{
  Compute *compute = modify->get_compute_by_id(id);
  if (!compute) error->all(FLERR, "{}: there is no compute {}", name(), id);
  if (index == 0 ? !compute->scalar_flag : !compute->vector_flag)
    error->all(FLERR, "{}: compute {} has no global {}", name(), id,
               index == 0 ? "scalar; name an element of its vector" : "vector");
  if (index > compute->size_vector && !compute->size_vector_variable)
    error->all(FLERR, "{}: the vector of compute {} has length {}", name(), id,
               compute->size_vector);
  return *compute;
}

Fix &ValueSource::find_fix() const
{
  Fix *fix = modify->get_fix_by_id(id);
  if (!fix) error->all(FLERR, "{}: there is no fix {}", name(), id);
  if (index == 0 ? !fix->scalar_flag : !fix->vector_flag)
    error->all(FLERR, "{}: fix {} has no global {}", name(), id,
               index == 0 ? "scalar; name an element of its vector" : "vector");
  if (index > fix->size_vector && !fix->size_vector_variable)
    error->all(FLERR, "{}: the vector of fix {} has length {}", name(), id, fix->size_vector);
  return *fix;
}

/* ---------------------------------------------------------------------- */

double ValueSource::value()
{
  if (kind == Kind::NUMBER) return number;
  // Computes that take each other's values would call each other until the stack is full.
  if (evaluating) error->all(FLERR, "{}: this value depends on itself", name());
  struct Guard {
    bool &flag;
    explicit Guard(bool &flag_of_source) : flag(flag_of_source) { flag = true; }
    ~Guard() { flag = false; }
  } guard(evaluating);

  double result = evaluate();
  // Some fixes know their values on the first rank only.
  MPI_Bcast(&result, 1, MPI_DOUBLE, 0, world);
  if (!std::isfinite(result))
    error->all(FLERR, "{}: this is {} at step {}, not a finite number", name(), result,
               update->ntimestep);
  return result;
}

double ValueSource::evaluate()
{
  if (kind == Kind::VARIABLE) return input->variable->compute_equal(find_variable());
  return kind == Kind::COMPUTE ? evaluate_compute() : evaluate_fix();
}

double ValueSource::evaluate_compute()
{
  Compute &compute = find_compute();
  if (!compute.is_initialized())
    error->all(FLERR, "{}: compute {} was defined after the last run; begin a run (run 0) before",
               name(), id);
  const int invoked = index == 0 ? Compute::INVOKED_SCALAR : Compute::INVOKED_VECTOR;
  if (!(compute.invoked_flag & invoked)) {
    if (index == 0)
      compute.compute_scalar();
    else
      compute.compute_vector();
    compute.invoked_flag |= invoked;
  }
  if (index == 0) return compute.scalar;
  if (index > compute.size_vector)
    error->all(FLERR, "{}: the vector of compute {} has length {} at step {}", name(), id,
               compute.size_vector, update->ntimestep);
  return compute.vector[index - 1];
}

double ValueSource::evaluate_fix()
{
  Fix &fix = find_fix();
  // Between runs the last value is as good as any.
  if (update->whichflag > 0 && fix.global_freq > 0 && update->ntimestep % fix.global_freq != 0)
    error->all(FLERR, "{}: fix {} has values every {} steps, not at step {}", name(), id,
               fix.global_freq, update->ntimestep);
  if (index > fix.size_vector)
    error->all(FLERR, "{}: the vector of fix {} has length {} at step {}", name(), id,
               fix.size_vector, update->ntimestep);
  return index == 0 ? fix.compute_scalar() : fix.compute_vector(index - 1);
}

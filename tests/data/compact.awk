# Shortens a file of write_data (atom_style atomic): positions to eight decimals, without image flags and velocities.
/^[A-Z]/ { section = $1 }
section == "Velocities" { next }
section == "Atoms" && NF >= 8 { printf "%d %d %.8f %.8f %.8f\n", $1, $2, $3, $4, $5; next }
{ print }

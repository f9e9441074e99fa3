# Shortens a file of write_data (atom_style atomic): positions to five decimals, folded, without image flags;
# velocities to four.
/^[A-Z]/ { section = $1 }
section == "Atoms" && NF >= 8 { printf "%d %d %.5f %.5f %.5f\n", $1, $2, $3, $4, $5; next }
section == "Velocities" && NF == 4 { printf "%d %.4f %.4f %.4f\n", $1, $2, $3, $4; next }
{ print }

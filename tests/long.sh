#!/usr/bin/env bash
# Long sweeps, for a night or a machine of their own: the simulation over many seeds, the faults over many rounds. Hours, not
# minutes; the budgets that run.sh prints do not apply. Takes the same arguments and ends with the same line as run.sh.
#
#   MESSAGING_SIMULATION_CYCLES   crash-and-recover cycles of the simulation (default here 100000)
#   MESSAGING_FAULT_ROUNDS        rounds of each fault against the real process (default here 200)
#   MESSAGING_TEST_TIMEOUT        seconds for one test project (default here 43200)
set -euo pipefail
export MESSAGING_SIMULATION_CYCLES="${MESSAGING_SIMULATION_CYCLES:-100000}"
export MESSAGING_FAULT_ROUNDS="${MESSAGING_FAULT_ROUNDS:-200}"
export MESSAGING_TEST_TIMEOUT="${MESSAGING_TEST_TIMEOUT:-43200}"
if (($# == 0)); then set -- simulation faults; fi
exec "$(dirname "${BASH_SOURCE[0]}")/run.sh" "$@"

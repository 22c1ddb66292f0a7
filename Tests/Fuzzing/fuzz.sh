#!/bin/sh
# Fuzzes one reader: Tests/Fuzzing/fuzz.sh READER [SECONDS]. The package is put together in .build/fuzzing.
set -eu
reader=${1:?"name a reader: idx gz cifar npy npz csv yaml safetensors hdf5 arrays"}
seconds=${2:-600}
cd "$(dirname "$0")/../.."
root=$PWD
place=$root/.build/fuzzing
mkdir -p "$place/Fuzz" "$place/corpus/$reader" "$place/finds"
ln -sfn "$root/Sources" "$place/Library"
cp Tests/Fuzzing/Package.swift "$place/"
cp Tests/Fuzzing/Fuzz.swift "$place/Fuzz/"
cd "$place"
swift build -c release -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library >build.log 2>&1 ||
  { tail -40 build.log >&2; exit 1; }
# Seeds: small files of each kind, some of them the tests' own.
fixtures=$root/Tests/DatasetsTests/Fixtures/arrays
case $reader in
  npy) cp "$fixtures"/*.npy "corpus/$reader/" ;;
  npz) cp "$fixtures"/*.npz "corpus/$reader/" ;;
  hdf5 | arrays) cp "$root"/Tests/StorageTests/Fixtures/*.h5 "corpus/$reader/" ;;
  safetensors) cp "$root"/Tests/StorageTests/Fixtures/*.safetensors "corpus/$reader/" ;;
  yaml) cp "$root"/experiments/mode-connectivity/*.yaml "$root"/Tests/Fuzzing/Seeds/*.yaml "corpus/$reader/" ;;
  csv) printf '1,2,3,16,9\n0,0,0,0,0\n5,5,5,5,5\n' >"corpus/$reader/whole.csv" ;;
  idx) printf '\0\0\10\2\0\0\0\2\0\0\0\3abcdef' >"corpus/$reader/whole.idx" ;;
  gz) printf 'aaaaaaaaaabbbbbbbbbb' | gzip -n >"corpus/$reader/whole.gz" ;;
  cifar) head -c 6148 /dev/zero >"corpus/$reader/whole.bin" ;;
esac
FUZZ_READER=$reader exec nice -n 19 .build/release/fuzz -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 \
  -max_len=20000 -print_final_stats=1 -artifact_prefix="finds/$reader-" "corpus/$reader"

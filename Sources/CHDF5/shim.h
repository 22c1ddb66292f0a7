// HDF5 for Swift. Its identifiers and flags are macros that call `H5open` first, which Swift cannot import; each one in
// use is a static inline function here. So is what changed its signature between HDF5 1.10 and later versions.
#ifndef LANDSCAPE_HDF5_SHIM_H
#define LANDSCAPE_HDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdint.h>
#include <string.h>

// Types.
static inline hid_t h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t h5_file_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t h5_file_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t h5_file_int64(void) { return H5T_STD_I64LE; }
static inline hid_t h5_file_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t h5_c_string(void) { return H5T_C_S1; }
static inline size_t h5_variable_length(void) { return H5T_VARIABLE; }

// Property list classes and flags.
static inline hid_t h5_default(void) { return H5P_DEFAULT; }
static inline hid_t h5_file_create_class(void) { return H5P_FILE_CREATE; }
static inline hid_t h5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t h5_group_create_class(void) { return H5P_GROUP_CREATE; }
static inline hid_t h5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t h5_attribute_create_class(void) { return H5P_ATTRIBUTE_CREATE; }
static inline unsigned h5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }
static inline unsigned h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned h5_read_live(void) { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }
static inline unsigned h5_write_live(void) { return H5F_ACC_RDWR | H5F_ACC_SWMR_WRITE; }
static inline unsigned h5_truncate(void) { return H5F_ACC_TRUNC; }

// Dataspaces.
static inline hid_t h5_all(void) { return H5S_ALL; }
static inline hsize_t h5_unlimited(void) { return H5S_UNLIMITED; }

// The error stack of the calling thread.
static inline hid_t h5_error_stack(void) { return H5E_DEFAULT; }

// The address that identifies an object in its file, and the number of its attributes.
static inline herr_t h5_object_identity(hid_t object, uint64_t *address) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  herr_t status = H5Oget_info3(object, &info, H5O_INFO_BASIC);
  if (status >= 0) memcpy(address, &info.token, sizeof *address);
#else
  H5O_info_t info;
  herr_t status = H5Oget_info2(object, &info, H5O_INFO_BASIC);
  if (status >= 0) *address = (uint64_t)info.addr;
#endif
  return status;
}

static inline int64_t h5_attribute_count(hid_t object) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info3(object, &info, H5O_INFO_NUM_ATTRS) < 0) return -1;
#else
  H5O_info_t info;
  if (H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) < 0) return -1;
#endif
  return (int64_t)info.num_attrs;
}

// The innermost or outermost message first is a matter of `H5E_walk_t`; the record itself has another type in 2.0.
static inline const char *h5_error_description(const H5E_error2_t *record) { return record->desc; }
static inline const char *h5_error_function(const H5E_error2_t *record) { return record->func_name; }

#endif

#pragma once
// Later versions of the library keep the calls of 1.10 under this name.
#define H5_USE_110_API 1
#include <hdf5.h>
#include <string.h>

// What is a macro in the library's header, and so does not reach Swift.

static inline hid_t lw_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t lw_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }

/// Where an object lies in the file and what it is: 0 a group, 1 a dataset, 2 anything else; -1 for a failure.
static inline int lw_h5_object(hid_t object, unsigned long long *address) {
    H5O_info_t info;
    memset(&info, 0, sizeof info);
    if (H5Oget_info(object, &info) < 0) return -1;
    *address = (unsigned long long)info.addr;
    return info.type == H5O_TYPE_GROUP ? 0 : info.type == H5O_TYPE_DATASET ? 1 : 2;
}

/// The kind of a link by its number: 0 hard, 1 soft, 2 anything else; -1 for a failure.
static inline int lw_h5_link(hid_t group, unsigned long long number) {
    H5L_info_t info;
    memset(&info, 0, sizeof info);
    if (H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_NATIVE, number, &info, H5P_DEFAULT) < 0) return -1;
    return info.type == H5L_TYPE_HARD ? 0 : info.type == H5L_TYPE_SOFT ? 1 : 2;
}

/// The name of a link by its number; gives its length, or -1.
static inline long lw_h5_link_name(hid_t group, unsigned long long number, char *name, size_t room) {
    return (long)H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_NATIVE, number, name, room, H5P_DEFAULT);
}

static inline hid_t lw_h5_open(hid_t place, const char *name) { return H5Oopen(place, name, H5P_DEFAULT); }

static inline hid_t lw_h5_attribute(hid_t object, unsigned long long number) {
    return H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_NATIVE, number, H5P_DEFAULT, H5P_DEFAULT);
}

/// The number of an object's attributes; -1 for a failure.
static inline int lw_h5_attribute_count(hid_t object) { return H5Aget_num_attrs(object); }

/// Refuses links into other files and filters from elsewhere, and prints nothing.
static inline int lw_h5_begin(void) {
    if (H5open() < 0) return -1;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
    return H5Lunregister(H5L_TYPE_EXTERNAL) < 0 ? -1 : 0;
}

static inline hid_t lw_h5_file(const char *path) { return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT); }

static inline herr_t lw_h5_read(hid_t dataset, hid_t memory, hid_t file, float *numbers) {
    return H5Dread(dataset, H5T_NATIVE_FLOAT, memory, file, H5P_DEFAULT, numbers);
}

/// Whether all filters of a dataset are there: 1, else 0.
static inline int lw_h5_unpacks(hid_t plan) {
    int count = H5Pget_nfilters(plan);
    for (int number = 0; number < count; number++) {
        unsigned flags = 0, config = 0;
        size_t values = 0;
        H5Z_filter_t filter = H5Pget_filter2(plan, (unsigned)number, &flags, &values, NULL, 0, NULL, &config);
        if (filter < 0 || H5Zfilter_avail(filter) <= 0) return 0;
    }
    return count >= 0;
}

static inline herr_t lw_h5_reclaim(hid_t type, hid_t space, void *pointers) {
    return H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers);
}

/// Picks rows of a dataset's space, from `start` as many as `count`, whole along the other axes.
static inline herr_t lw_h5_select(hid_t space, const hsize_t *start, const hsize_t *count) {
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
}

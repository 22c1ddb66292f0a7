// OpenBLAS through its C interface, and the few LAPACK routines in use through their Fortran symbols (OpenBLAS carries
// them; its C wrapper for LAPACK is a package of its own that nothing else here needs).
#ifndef LANDSCAPE_OPENBLAS_SHIM_H
#define LANDSCAPE_OPENBLAS_SHIM_H

#include <cblas.h>

void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
void dstevd_(const char *jobz, const int *n, double *d, double *e, double *z, const int *ldz, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);

#endif

// What the program uses of oneDNN: its matrix products as they are, and convolutions in Float32 on this processor, as
// three calls: create for given extents, execute on pointers, destroy. Images lie as [n, h, w, c] and weights as
// [kh, kw, c / groups, o]; where the library prefers another order, they are brought into it, and back, in the caller's
// scratch memory.
//
// Tested with version 2.6. The calls that version 3 changed stand behind DNNL_VERSION_MAJOR: they have been compiled against
// the headers of version 3, not run.
#ifndef LANDSCAPE_ONEDNN_SHIM_H
#define LANDSCAPE_ONEDNN_SHIM_H

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t landscape_layout;
#else
typedef const dnnl_memory_desc_t *landscape_layout;
#endif

// OpenMP's way to set the calling thread's number of threads, where the library runs on OpenMP; else NULL.
typedef void (*landscape_thread_setter)(int);

static inline landscape_thread_setter landscape_find_thread_setter(void) {
  return (landscape_thread_setter)dlsym(RTLD_DEFAULT, "omp_set_num_threads");
}

typedef enum {
  landscape_convolution_forward,
  landscape_convolution_by_input,
  landscape_convolution_by_weights,
} landscape_convolution_kind;

typedef struct {
  int64_t images, groups;
  int64_t channels, height, width;
  int64_t outputs, output_height, output_width;
  int64_t kernel_height, kernel_width, stride_height, stride_width;
  int64_t top, bottom, left, right;
} landscape_convolution_extents;

// One of the three tensors: as the caller has it and, where that differs, as the library wants it.
typedef struct {
  dnnl_memory_t own, used;
  dnnl_primitive_t reorder;  // from own to used, of a result from used to own; NULL where they are the same
  dnnl_memory_t reorder_scratchpad;
  size_t bytes, reorder_scratchpad_bytes;
} landscape_tensor;

typedef struct {
  landscape_convolution_kind kind;
  int threads;
  landscape_thread_setter set_threads;
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_t convolution;
  landscape_tensor tensors[3];  // input, weights, output
  dnnl_memory_t scratchpad;
  size_t scratchpad_bytes;
} landscape_convolution;

// Which of the tensors is computed.
static inline int landscape_result(landscape_convolution_kind kind) {
  return kind == landscape_convolution_forward ? 2 : kind == landscape_convolution_by_input ? 0 : 1;
}

static inline size_t landscape_rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

// The scratch memory that executing takes, in bytes; it must be aligned to 64.
static inline size_t landscape_convolution_scratch(const landscape_convolution *c) {
  size_t bytes = landscape_rounded(c->scratchpad_bytes);
  for (int t = 0; t < 3; t++)
    bytes += landscape_rounded(c->tensors[t].bytes) + landscape_rounded(c->tensors[t].reorder_scratchpad_bytes);
  return bytes;
}

static inline void landscape_convolution_clear(landscape_convolution *c) {
  for (int t = 0; t < 3; t++) {
    landscape_tensor *tensor = &c->tensors[t];
    if (tensor->own) dnnl_memory_destroy(tensor->own);
    if (tensor->used) dnnl_memory_destroy(tensor->used);
    if (tensor->reorder) dnnl_primitive_destroy(tensor->reorder);
    if (tensor->reorder_scratchpad) dnnl_memory_destroy(tensor->reorder_scratchpad);
    *tensor = (landscape_tensor){0};
  }
  if (c->scratchpad) dnnl_memory_destroy(c->scratchpad);
  if (c->convolution) dnnl_primitive_destroy(c->convolution);
  c->scratchpad = NULL;
  c->convolution = NULL;
}

static inline void landscape_convolution_destroy(landscape_convolution *c) {
  if (!c) return;
  landscape_convolution_clear(c);
  if (c->stream) dnnl_stream_destroy(c->stream);
  if (c->engine) dnnl_engine_destroy(c->engine);
  free(c);
}

// Layouts: created by strides (NULL: whatever the library prefers), and released in version 3.
typedef struct {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t layout;
#else
  dnnl_memory_desc_t layout[1];
#endif
} landscape_own_layout;

static inline dnnl_status_t landscape_make_layout(
    landscape_own_layout *l, int rank, const int64_t *extents, const int64_t *strides) {
#if DNNL_VERSION_MAJOR >= 3
  return strides ? dnnl_memory_desc_create_with_strides(&l->layout, rank, extents, dnnl_f32, strides)
                 : dnnl_memory_desc_create_with_tag(&l->layout, rank, extents, dnnl_f32, dnnl_format_tag_any);
#else
  return strides ? dnnl_memory_desc_init_by_strides(l->layout, rank, extents, dnnl_f32, strides)
                 : dnnl_memory_desc_init_by_tag(l->layout, rank, extents, dnnl_f32, dnnl_format_tag_any);
#endif
}

static inline dnnl_status_t landscape_describe(
    dnnl_primitive_desc_t *description, landscape_convolution_kind kind, dnnl_engine_t engine, landscape_layout input,
    landscape_layout weights, landscape_layout output, const landscape_convolution_extents *e,
    dnnl_alg_kind_t algorithm, const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
  const dnnl_dims_t strides = {e->stride_height, e->stride_width};
  const dnnl_dims_t before = {e->top, e->left};
  const dnnl_dims_t after = {e->bottom, e->right};
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilations = {0, 0};
  switch (kind) {
    case landscape_convolution_forward:
      return dnnl_convolution_forward_primitive_desc_create(
          description, engine, dnnl_forward_training, algorithm, input, weights, NULL, output, strides, dilations,
          before, after, attributes);
    case landscape_convolution_by_input:
      return dnnl_convolution_backward_data_primitive_desc_create(
          description, engine, algorithm, input, weights, output, strides, dilations, before, after, forward,
          attributes);
    default:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          description, engine, algorithm, input, weights, NULL, output, strides, dilations, before, after, forward,
          attributes);
  }
#else
  dnnl_convolution_desc_t d;
  dnnl_status_t status;
  switch (kind) {
    case landscape_convolution_forward:
      status = dnnl_convolution_forward_desc_init(
          &d, dnnl_forward_training, algorithm, input, weights, NULL, output, strides, before, after);
      break;
    case landscape_convolution_by_input:
      status = dnnl_convolution_backward_data_desc_init(
          &d, algorithm, input, weights, output, strides, before, after);
      break;
    default:
      status = dnnl_convolution_backward_weights_desc_init(
          &d, algorithm, input, weights, NULL, output, strides, before, after);
  }
  return status ? status : dnnl_primitive_desc_create(description, &d, attributes, engine, forward);
#endif
}

// Makes the memory of one tensor, and the reordering between the two layouts where they differ.
static inline dnnl_status_t landscape_prepare_tensor(
    landscape_convolution *c, int t, landscape_layout own, landscape_layout used, dnnl_primitive_attr_t attributes) {
  landscape_tensor *tensor = &c->tensors[t];
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t s = dnnl_memory_create(&tensor->used, used, c->engine, DNNL_MEMORY_NONE);
  if (s || dnnl_memory_desc_equal(used, own)) return s;
  const int is_result = t == landscape_result(c->kind);
  tensor->bytes = dnnl_memory_desc_get_size(used);
  if ((s = dnnl_memory_create(&tensor->own, own, c->engine, DNNL_MEMORY_NONE))) return s;
  if ((s = dnnl_reorder_primitive_desc_create(
           &description, is_result ? used : own, c->engine, is_result ? own : used, c->engine, attributes)))
    return s;
  landscape_layout pad = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  tensor->reorder_scratchpad_bytes = dnnl_memory_desc_get_size(pad);
  if (!(s = dnnl_primitive_create(&tensor->reorder, description)))
    s = dnnl_memory_create(&tensor->reorder_scratchpad, pad, c->engine, DNNL_MEMORY_NONE);
  dnnl_primitive_desc_destroy(description);
  return s;
}

// `own` are the caller's layouts of input, weights and output, `wanted` what the library may choose from.
static inline dnnl_status_t landscape_convolution_build(
    landscape_convolution *c, const landscape_convolution_extents *e, const landscape_own_layout *own,
    const landscape_own_layout *wanted, dnnl_alg_kind_t algorithm, dnnl_primitive_attr_t attributes) {
  dnnl_status_t s;
  dnnl_primitive_desc_t forward = NULL, description = NULL;
  landscape_layout input = wanted[0].layout, weights = wanted[1].layout, output = wanted[2].layout;
  if ((s = landscape_describe(
           &forward, landscape_convolution_forward, c->engine, input, weights, output, e, algorithm, attributes, NULL)))
    return s;
  s = c->kind == landscape_convolution_forward
      ? dnnl_primitive_desc_clone(&description, forward)
      : landscape_describe(
            &description, c->kind, c->engine, input, weights, output, e, algorithm, attributes, forward);
  dnnl_primitive_desc_destroy(forward);
  if (s) return s;
  const int result = landscape_result(c->kind);
  const dnnl_query_t queries[] = {
      result == 0 ? dnnl_query_diff_src_md : dnnl_query_src_md,
      result == 1 ? dnnl_query_diff_weights_md : dnnl_query_weights_md,
      result == 2 ? dnnl_query_dst_md : dnnl_query_diff_dst_md,
  };
  for (int t = 0; t < 3 && !s; t++)
    s = landscape_prepare_tensor(
        c, t, own[t].layout, dnnl_primitive_desc_query_md(description, queries[t], 0), attributes);
  landscape_layout pad = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  c->scratchpad_bytes = dnnl_memory_desc_get_size(pad);
  (void)(s || (s = dnnl_primitive_create(&c->convolution, description))
         || (s = dnnl_memory_create(&c->scratchpad, pad, c->engine, DNNL_MEMORY_NONE)));
  dnnl_primitive_desc_destroy(description);
  return s;
}

// Whether Winograd's algorithm pays although images have to be brought into blocks of 16 channels and back: it does 4/9 of
// the multiplications or fewer, and its rounding errors are some four times those of the direct one.
static inline int landscape_winograd_pays(const landscape_convolution_extents *e) {
  return e->kernel_height == 3 && e->kernel_width == 3 && e->stride_height == 1 && e->stride_width == 1
      && e->groups == 1 && e->channels >= 32 && e->outputs >= 32 && e->channels % 16 == 0 && e->outputs % 16 == 0;
}

// Prepares one of the three convolutions for `threads` threads. Returns NULL and a status where the library has none.
static inline landscape_convolution *landscape_convolution_create(
    landscape_convolution_kind kind, const landscape_convolution_extents *e, int threads, int *status) {
  const int64_t g = e->groups, i = e->channels / g, o = e->outputs / g;
  const dnnl_dims_t inputs = {e->images, e->channels, e->height, e->width};
  const dnnl_dims_t input_strides = {e->height * e->width * e->channels, 1, e->width * e->channels, e->channels};
  const dnnl_dims_t outputs = {e->images, e->outputs, e->output_height, e->output_width};
  const dnnl_dims_t output_strides = {
      e->output_height * e->output_width * e->outputs, 1, e->output_width * e->outputs, e->outputs};
  // Weights have their groups as an axis of their own in front; a single group has none.
  const int64_t weights[DNNL_MAX_NDIMS + 1] = {g, o, i, e->kernel_height, e->kernel_width};
  const int64_t weight_strides[DNNL_MAX_NDIMS + 1] = {o, 1, e->outputs, e->kernel_width * i * e->outputs, i * e->outputs};
  const int skipped = g == 1;

  landscape_convolution *c = (landscape_convolution *)calloc(1, sizeof *c);
  if (!c) {
    *status = dnnl_out_of_memory;
    return NULL;
  }
  c->kind = kind;
  c->threads = threads;
  c->set_threads = landscape_find_thread_setter();
  if (c->set_threads) c->set_threads(threads);

  // Input, weights, output as they are, and with a free choice of layout.
  landscape_own_layout own[3], any[3];
  memset(own, 0, sizeof own);
  memset(any, 0, sizeof any);
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t s;
  (void)((s = landscape_make_layout(&own[0], 4, inputs, input_strides))
         || (s = landscape_make_layout(&own[1], 5 - skipped, weights + skipped, weight_strides + skipped))
         || (s = landscape_make_layout(&own[2], 4, outputs, output_strides))
         || (s = landscape_make_layout(&any[0], 4, inputs, NULL))
         || (s = landscape_make_layout(&any[1], 5 - skipped, weights + skipped, NULL))
         || (s = landscape_make_layout(&any[2], 4, outputs, NULL))
         || (s = dnnl_primitive_attr_create(&attributes))
         || (s = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
         || (s = dnnl_engine_create(&c->engine, dnnl_cpu, 0))
         || (s = dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags)));
  if (!s) {
    s = landscape_winograd_pays(e)
        ? landscape_convolution_build(c, e, own, any, dnnl_convolution_winograd, attributes)
        : dnnl_unimplemented;
    if (s) {
      const landscape_own_layout wanted[3] = {own[0], any[1], own[2]};
      landscape_convolution_clear(c);
      s = landscape_convolution_build(c, e, own, wanted, dnnl_convolution_direct, attributes);
    }
  }
  if (attributes) dnnl_primitive_attr_destroy(attributes);
#if DNNL_VERSION_MAJOR >= 3
  for (int t = 0; t < 3; t++) {
    if (own[t].layout) dnnl_memory_desc_destroy(own[t].layout);
    if (any[t].layout) dnnl_memory_desc_destroy(any[t].layout);
  }
#endif
  *status = s;
  if (s) {
    landscape_convolution_destroy(c);
    return NULL;
  }
  return c;
}

static inline dnnl_status_t landscape_reorder(const landscape_convolution *c, int t) {
  const landscape_tensor *tensor = &c->tensors[t];
  const int is_result = t == landscape_result(c->kind);
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_FROM, is_result ? tensor->used : tensor->own},
      {DNNL_ARG_TO, is_result ? tensor->own : tensor->used},
      {DNNL_ARG_SCRATCHPAD, tensor->reorder_scratchpad},
  };
  return dnnl_primitive_execute(tensor->reorder, c->stream, 3, arguments);
}

// Computes the one of the three tensors that the kind names from the other two. Returns a status, 0 for success.
static inline int landscape_convolution_execute(
    const landscape_convolution *c, float *input, float *weights, float *output, void *scratch) {
  dnnl_status_t s;
  char *free_memory = (char *)scratch;
  float *const pointers[] = {input, weights, output};
  const int result = landscape_result(c->kind);
  if (c->set_threads) c->set_threads(c->threads);
  for (int t = 0; t < 3; t++) {
    const landscape_tensor *tensor = &c->tensors[t];
    if (!tensor->reorder) {
      if ((s = dnnl_memory_set_data_handle(tensor->used, pointers[t]))) return s;
      continue;
    }
    if ((s = dnnl_memory_set_data_handle(tensor->own, pointers[t]))
        || (s = dnnl_memory_set_data_handle(tensor->used, free_memory)))
      return s;
    free_memory += landscape_rounded(tensor->bytes);
    if ((s = dnnl_memory_set_data_handle(tensor->reorder_scratchpad, free_memory))) return s;
    free_memory += landscape_rounded(tensor->reorder_scratchpad_bytes);
    if (t != result && (s = landscape_reorder(c, t))) return s;
  }
  if ((s = dnnl_memory_set_data_handle(c->scratchpad, free_memory))) return s;
  const dnnl_exec_arg_t arguments[] = {
      {result == 0 ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, c->tensors[0].used},
      {result == 1 ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, c->tensors[1].used},
      {result == 2 ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, c->tensors[2].used},
      {DNNL_ARG_SCRATCHPAD, c->scratchpad},
  };
  if ((s = dnnl_primitive_execute(c->convolution, c->stream, 4, arguments))) return s;
  if (c->tensors[result].reorder && (s = landscape_reorder(c, result))) return s;
  return dnnl_stream_wait(c->stream);
}

// What a status means, in the library's words.
static inline const char *landscape_onednn_text(int status) {
  switch (status) {
    case dnnl_success: return "success";
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented";
    case dnnl_runtime_error: return "runtime error";
    default: return "unknown status";
  }
}

#endif

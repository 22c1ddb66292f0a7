// What the program uses of oneDNN: its matrix products as they are, and convolutions in Float32 on this processor, as three calls: create for given extents, execute on pointers,
// destroy. Images lie as [n, h, w, c] and weights as [kh, kw, c / groups, o]; weights are brought into the order that the
// library prefers, and back, in the caller's scratch memory.
//
// Tested with version 2.6. The calls that version 3 changed stand behind DNNL_VERSION_MAJOR: they have been compiled against
// the headers of version 3, not run.
#ifndef LANDSCAPE_ONEDNN_SHIM_H
#define LANDSCAPE_ONEDNN_SHIM_H

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <stdint.h>
#include <stdlib.h>

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

typedef struct {
  landscape_convolution_kind kind;
  int threads;
  landscape_thread_setter set_threads;
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_t convolution;
  dnnl_primitive_t reorder;  // of the weights; NULL where they are read or written as they lie
  dnnl_memory_t input, output, weights, own_weights, scratchpad, reorder_scratchpad;
  size_t own_weights_bytes, scratchpad_bytes, reorder_scratchpad_bytes;
} landscape_convolution;

static inline size_t landscape_rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

// The scratch memory that executing takes, in bytes; it must be aligned to 64.
static inline size_t landscape_convolution_scratch(const landscape_convolution *c) {
  return landscape_rounded(c->own_weights_bytes) + landscape_rounded(c->scratchpad_bytes)
      + landscape_rounded(c->reorder_scratchpad_bytes);
}

static inline void landscape_convolution_destroy(landscape_convolution *c) {
  if (!c) return;
  dnnl_memory_t memories[] = {c->input, c->output, c->weights, c->own_weights, c->scratchpad, c->reorder_scratchpad};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (c->reorder) dnnl_primitive_destroy(c->reorder);
  if (c->convolution) dnnl_primitive_destroy(c->convolution);
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
    const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
  const dnnl_alg_kind_t algorithm = dnnl_convolution_direct;
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

static inline dnnl_status_t landscape_convolution_build(
    landscape_convolution *c, const landscape_convolution_extents *e, landscape_layout input, landscape_layout any,
    landscape_layout own, landscape_layout output, dnnl_primitive_attr_t attributes) {
  dnnl_status_t s;
  dnnl_primitive_desc_t forward = NULL, description = NULL, reorder = NULL;
  if ((s = dnnl_engine_create(&c->engine, dnnl_cpu, 0))) return s;
  if ((s = dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags))) return s;
  if ((s = landscape_describe(&forward, landscape_convolution_forward, c->engine, input, any, output, e, attributes, NULL)))
    return s;
  s = c->kind == landscape_convolution_forward
      ? dnnl_primitive_desc_clone(&description, forward)
      : landscape_describe(&description, c->kind, c->engine, input, any, output, e, attributes, forward);
  dnnl_primitive_desc_destroy(forward);
  if (s) return s;

  landscape_layout preferred = dnnl_primitive_desc_query_md(
      description, c->kind == landscape_convolution_by_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  landscape_layout pad = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  c->scratchpad_bytes = dnnl_memory_desc_get_size(pad);
  int reordered = !dnnl_memory_desc_equal(preferred, own);
  if ((s = dnnl_primitive_create(&c->convolution, description))
      || (s = dnnl_memory_create(&c->input, input, c->engine, DNNL_MEMORY_NONE))
      || (s = dnnl_memory_create(&c->output, output, c->engine, DNNL_MEMORY_NONE))
      || (s = dnnl_memory_create(&c->weights, preferred, c->engine, DNNL_MEMORY_NONE))
      || (s = dnnl_memory_create(&c->scratchpad, pad, c->engine, DNNL_MEMORY_NONE)))
    goto done;
  if (reordered) {
    int from_own = c->kind != landscape_convolution_by_weights;
    c->own_weights_bytes = dnnl_memory_desc_get_size(preferred);
    if ((s = dnnl_memory_create(&c->own_weights, own, c->engine, DNNL_MEMORY_NONE))
        || (s = dnnl_reorder_primitive_desc_create(
                &reorder, from_own ? own : preferred, c->engine, from_own ? preferred : own, c->engine, attributes))
        || (s = dnnl_primitive_create(&c->reorder, reorder)))
      goto done;
    landscape_layout reorder_pad = dnnl_primitive_desc_query_md(reorder, dnnl_query_scratchpad_md, 0);
    c->reorder_scratchpad_bytes = dnnl_memory_desc_get_size(reorder_pad);
    s = dnnl_memory_create(&c->reorder_scratchpad, reorder_pad, c->engine, DNNL_MEMORY_NONE);
  }
done:
  if (reorder) dnnl_primitive_desc_destroy(reorder);
  dnnl_primitive_desc_destroy(description);
  return s;
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

  landscape_own_layout input = {0}, output = {0}, any = {0}, own = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t s;
  (void)((s = landscape_make_layout(&input, 4, inputs, input_strides))
         || (s = landscape_make_layout(&output, 4, outputs, output_strides))
         || (s = landscape_make_layout(&any, 5 - skipped, weights + skipped, NULL))
         || (s = landscape_make_layout(&own, 5 - skipped, weights + skipped, weight_strides + skipped))
         || (s = dnnl_primitive_attr_create(&attributes))
         || (s = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user))
         || (s = landscape_convolution_build(
                 c, e, input.layout, any.layout, own.layout, output.layout, attributes)));
  if (attributes) dnnl_primitive_attr_destroy(attributes);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t layouts[] = {input.layout, output.layout, any.layout, own.layout};
  for (int l = 0; l < 4; l++)
    if (layouts[l]) dnnl_memory_desc_destroy(layouts[l]);
#endif
  *status = s;
  if (s) {
    landscape_convolution_destroy(c);
    return NULL;
  }
  return c;
}

static inline dnnl_status_t landscape_convolution_reorder(const landscape_convolution *c) {
  const int from_own = c->kind != landscape_convolution_by_weights;
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_FROM, from_own ? c->own_weights : c->weights},
      {DNNL_ARG_TO, from_own ? c->weights : c->own_weights},
      {DNNL_ARG_SCRATCHPAD, c->reorder_scratchpad},
  };
  return dnnl_primitive_execute(c->reorder, c->stream, 3, arguments);
}

// Computes the one of the three tensors that the kind names from the other two. Returns a status, 0 for success.
static inline int landscape_convolution_execute(
    const landscape_convolution *c, float *input, float *weights, float *output, void *scratch) {
  dnnl_status_t s;
  char *free_memory = (char *)scratch;
  if (c->set_threads) c->set_threads(c->threads);
  if (c->reorder) {
    if ((s = dnnl_memory_set_data_handle(c->own_weights, weights))
        || (s = dnnl_memory_set_data_handle(c->weights, free_memory))
        || (s = dnnl_memory_set_data_handle(
                c->reorder_scratchpad, free_memory + landscape_rounded(c->own_weights_bytes))))
      return s;
    free_memory += landscape_rounded(c->own_weights_bytes) + landscape_rounded(c->reorder_scratchpad_bytes);
  } else if ((s = dnnl_memory_set_data_handle(c->weights, weights))) {
    return s;
  }
  if ((s = dnnl_memory_set_data_handle(c->input, input)) || (s = dnnl_memory_set_data_handle(c->output, output))
      || (s = dnnl_memory_set_data_handle(c->scratchpad, free_memory)))
    return s;
  const int is_forward = c->kind == landscape_convolution_forward, by_input = c->kind == landscape_convolution_by_input;
  const dnnl_exec_arg_t arguments[] = {
      {by_input ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, c->input},
      {is_forward || by_input ? DNNL_ARG_WEIGHTS : DNNL_ARG_DIFF_WEIGHTS, c->weights},
      {is_forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, c->output},
      {DNNL_ARG_SCRATCHPAD, c->scratchpad},
  };
  const int before = c->kind != landscape_convolution_by_weights;
  if (c->reorder && before && (s = landscape_convolution_reorder(c))) return s;
  if ((s = dnnl_primitive_execute(c->convolution, c->stream, 4, arguments))) return s;
  if (c->reorder && !before && (s = landscape_convolution_reorder(c))) return s;
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

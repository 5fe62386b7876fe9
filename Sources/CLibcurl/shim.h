#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo take whatever the option needs, which Swift cannot say: a function for each
// kind of value. The parentheses call the functions and not the macros that libcurl checks types with.

static inline CURLcode curl_set_number(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

typedef size_t (*curl_transfer)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode curl_set_transfer(CURL *handle, CURLoption option, curl_transfer value) {
  return (curl_easy_setopt)(handle, option, value);
}

typedef int (*curl_progress)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode curl_set_progress(CURL *handle, curl_progress value) {
  return (curl_easy_setopt)(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline CURLcode curl_get_number(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode curl_get_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

// A macro that Swift does not import.
static const long curl_global_everything = CURL_GLOBAL_DEFAULT;
static const unsigned long curl_read_abort = CURL_READFUNC_ABORT;

#pragma once
#include <libpq-fe.h>
// Swift's Glibc module leaves these out; libpq's sockets are waited for with them.
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Declared by <pthread.h> only under _GNU_SOURCE, which a module cannot set for a header that another has read before.
extern int pthread_setname_np(pthread_t thread, const char *name);

// Named by <sched.h> only under _GNU_SOURCE too.
#ifndef SCHED_BATCH
#define SCHED_BATCH 3
#endif

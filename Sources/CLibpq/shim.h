#pragma once
#include <libpq-fe.h>
// Swift's Glibc module leaves these out; libpq's sockets are waited for with them.
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// glibc declares it under _GNU_SOURCE only, and defining that here would give fd_set other fields than in Swift's
// Glibc module, which modules that import both refuse.
extern int pthread_setname_np(pthread_t thread, const char *name);

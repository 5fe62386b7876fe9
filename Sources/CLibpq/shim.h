#pragma once
#define _GNU_SOURCE
#include <libpq-fe.h>
// Swift's Glibc module leaves these out; libpq's sockets are waited for with them.
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

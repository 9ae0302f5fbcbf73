/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a main() for fuzz targets where libFuzzer is not at hand (gcc). Feeds each file of the
 * corpus folder named on the command line to LLVMFuzzerTestOneInput, whole and cut short, and then
 * ITERATIONS mutations of them (SPAR_FUZZ_ITERATIONS, default 20000) from a fixed seed
 * (SPAR_FUZZ_SEED), so that a run is repeatable; the files are taken by name, since a file system
 * lists them in any order. A failure is a crash or a sanitizer's report.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 128 * 1024, CORPUS_MAX = 1024 };

struct input {
    uint8_t *data;
    size_t size;
};

static struct input corpus[CORPUS_MAX];
static size_t corpus_count;
static uint64_t state;

/* xorshift64*: any generator does, so long as the seed alone decides the run. */
static uint64_t next_random(void) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

/* The target gets an exact heap copy, so that ASan sees one byte too many. */
static void feed(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) {
        abort();
    }
    if (size) {
        memcpy(copy, data, size);
    }
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int load_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    uint8_t *data = malloc(INPUT_MAX);
    size_t size = data ? fread(data, 1, INPUT_MAX, file) : 0;
    fclose(file);
    if (!data) {
        return -1;
    }
    corpus[corpus_count++] = (struct input){data, size};
    return 0;
}

static int no_hidden(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_folder(const char *folder) {
    struct dirent **entries;
    int count = scandir(folder, &entries, no_hidden, by_name);
    if (count < 0) {
        return 0; /* a target without a corpus starts from the empty input */
    }
    int result = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (result == 0 && corpus_count < CORPUS_MAX - 1) {
            result = load_file(path);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}

/* Applies one small change to the `size` bytes at `data` and returns the new size. */
static size_t mutate_once(uint8_t *data, size_t size) {
    size_t at = size ? next_random() % size : 0;
    switch (next_random() % 6) {
    case 0: /* flip a bit */
        if (size) {
            data[at] ^= (uint8_t)(1U << (next_random() % 8));
        }
        return size;
    case 1: /* any byte */
        if (size) {
            data[at] = (uint8_t)next_random();
        }
        return size;
    case 2: /* cut */ return at;
    case 3: /* insert */
        if (size < INPUT_MAX) {
            memmove(data + at + 1, data + at, size - at);
            data[at] = (uint8_t)next_random();
            return size + 1;
        }
        return size;
    case 4: /* remove */
        if (size) {
            memmove(data + at, data + at + 1, size - at - 1);
            return size - 1;
        }
        return size;
    default: { /* a hostile length: runs of 0x00, 0x7f or 0xff */
        static const uint8_t runs[] = {0x00, 0x7f, 0xff};
        uint8_t value = runs[next_random() % sizeof runs];
        for (size_t i = at; i < size && i < at + 4; i++) {
            data[i] = value;
        }
        return size;
    }
    }
}

static uint64_t number_from_environment(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

int main(int argc, char **argv) {
    state = number_from_environment("SPAR_FUZZ_SEED", 20260101) | 1;
    uint64_t iterations = number_from_environment("SPAR_FUZZ_ITERATIONS", 20000);
    if (argc > 1 && load_folder(argv[1])) {
        return EXIT_FAILURE;
    }
    size_t files = corpus_count;
    corpus[corpus_count++] = (struct input){NULL, 0};
    for (size_t i = 0; i < files; i++) {
        size_t step = corpus[i].size > 512 ? corpus[i].size / 512 : 1;
        for (size_t size = 0; size < corpus[i].size; size += step) {
            feed(corpus[i].data, size);
        }
        feed(corpus[i].data, corpus[i].size);
    }
    static uint8_t buffer[INPUT_MAX];
    for (uint64_t i = 0; i < iterations; i++) {
        const struct input *from = &corpus[next_random() % corpus_count];
        size_t size = from->size;
        if (size) {
            memcpy(buffer, from->data, size);
        }
        for (uint64_t n = 1 + next_random() % 8; n > 0; n--) {
            size = mutate_once(buffer, size);
        }
        feed(buffer, size);
    }
    printf("%zu corpus files, %llu mutations: no crash\n", files, (unsigned long long)iterations);
    for (size_t i = 0; i < files; i++) {
        free(corpus[i].data);
    }
    return EXIT_SUCCESS;
}

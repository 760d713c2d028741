/* Classifies pictures with a model that Ranvier exported. See README.md for how to build it.
 *
 *     ./classify                      one picture made up here
 *     ./classify t10k-images-idx3-ubyte   the first pictures of Fashion-MNIST's test set
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fashion.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10, MOST = 8 };

static const char *const NAMES[CLASSES] = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot",
};

/* Reads up to MOST pictures of an IDX file; returns how many. */
static int64_t read_pictures(const char *path, float *x) {
    unsigned char row[PIXELS];
    int64_t count = 0;
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 16, SEEK_SET)) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    for (; count < MOST && fread(row, 1, PIXELS, file) == PIXELS; count++)
        for (int i = 0; i < PIXELS; i++) x[count * PIXELS + i] = (float)row[i];
    fclose(file);
    return count;
}

/* Draws a frame, so that there is something to look at. */
static int64_t draw_picture(float *x) {
    for (int i = 0; i < PIXELS; i++) {
        int row = i / SIDE, column = i % SIDE;
        int inside = row > 5 && row < 22 && column > 5 && column < 22;
        x[i] = inside ? 200.0f : 0.0f;
    }
    return 1;
}

int main(int count, char **words) {
    static float x[MOST * PIXELS], y[MOST * CLASSES];
    int64_t rows = count > 1 ? read_pictures(words[1], x) : draw_picture(x);
    int answer = fashion_predict(x, y, rows);
    if (answer != FASHION_OK) {
        fprintf(stderr, "fashion_predict answered %d\n", answer);
        return EXIT_FAILURE;
    }
    for (int64_t r = 0; r < rows; r++) {
        int best = 0;
        for (int c = 1; c < CLASSES; c++)
            if (y[r * CLASSES + c] > y[r * CLASSES + best]) best = c;
        printf("%s %.6f\n", NAMES[best], y[r * CLASSES + best]);
    }
    return EXIT_SUCCESS;
}

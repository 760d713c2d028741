"""A face: what Keras has at `keras.preprocessing.image`."""

from ..folders import array_to_img, img_to_array, load_img, save_img

function lambda() {
  return Promise.reject(null);
}

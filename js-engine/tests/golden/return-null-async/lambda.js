async function lambda() {
  return null;
}

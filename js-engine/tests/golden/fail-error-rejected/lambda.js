async function lambda() {
  await null;
  throw new Error("rejected");
}

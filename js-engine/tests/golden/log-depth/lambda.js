function lambda(input, callback) {
  let deep = "bottom";
  for (let i = 0; i < 20; i++) deep = i % 2 ? [deep] : { deep };
  console.info("deep", deep);
  callback();
}

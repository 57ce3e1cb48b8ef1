const lambda = (input) => {
  console.info(input);
};

const helper = (x) => x + 1;

const handler = async (event) => {
  return helper(event.payload);
};

const lambda = async (input) => input.payload;

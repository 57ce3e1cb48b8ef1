const lambda = (input, callback) => callback(null, "through the arrow");

import CallTrees

"""Looking into pictures and documents that were uploaded; only in the limited process (:mod:`lms.common.limited`)."""

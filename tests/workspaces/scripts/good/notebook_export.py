#!/usr/bin/env python
# coding: utf-8

# In[1]:


import json
import os
import joblib


# In[2]:


def init():
    global model
    model = joblib.load(os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'm.pkl'))


# In[3]:


def run(raw_data):
    return model.predict(json.loads(raw_data)['data']).tolist()


# In[ ]:
